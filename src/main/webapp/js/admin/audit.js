// What was done, by whom, to what: newest first, and never changed.
import { api, items } from '../api.js';
import { h } from '../ui.js';
import { action, goingOn, head, table, time } from './parts.js';

const KINDS = ['key', 'provider', 'tier', 'agent', 'mcp-server', 'run', 'thread', 'node'];

export class AuditPage {
  static id = 'audit';
  static title = 'Audit';
  static may = (me) => me.role === 'admin' && me.scopes.includes('keys');
  #kind = '';
  #subject = '';
  #entries = [];
  #next = null;
  #asked = 0;

  constructor(root, context) {
    this.root = root;
    this.context = context;
    this.kind = h('select', { class: 'pick', 'aria-label': 'Kind of action', onchange: () => this.#filter() }, h('option', { value: '' }, 'All actions'), KINDS.map((k) => h('option', { value: k }, k)));
    this.subject = h('input', { class: 'pick', type: 'search', 'aria-label': 'Who', placeholder: 'By anybody', spellcheck: 'false', onchange: () => this.#filter() });
    this.body = h('div', {});
  }

  async show() {
    this.#next = null;
    this.#entries = [];
    await this.#more();
    this.root.replaceChildren(head('Audit', 'What was done in the organisation. Nothing is changed or removed here.', this.kind, this.subject), this.body);
  }

  #filter() {
    this.#kind = this.kind.value;
    this.#subject = this.subject.value.trim();
    this.context.attempt(async () => {
      this.#next = null;
      this.#entries = [];
      await this.#more();
    });
  }

  /** What comes after another filter was chosen is not what is looked for any more. */
  async #more() {
    const asked = ++this.#asked;
    const page = await api.audit({ action: this.#kind, subject: this.#subject, cursor: this.#next });
    if (asked !== this.#asked) return;
    this.#entries.push(...items(page));
    this.#next = page.next ?? null;
    goingOn(this.body, 'tbody tr', () => this.body.replaceChildren(
      this.#entries.length
        ? table('Audit', [['When'], ['Who'], ['What'], ['To what', 'mono'], ['Result'], ['Request', 'mono']], this.#entries.map((e) => [time(e.at), e.subject, e.action, e.target ?? '', e.result, e.requestId ?? '']))
        : h('p', { class: 'none' }, 'Nothing of this kind was done.'),
      this.#next ? h('div', { class: 'more-row' }, action('Show more', () => this.context.attempt(() => this.#more()))) : '',
    ));
  }
}
