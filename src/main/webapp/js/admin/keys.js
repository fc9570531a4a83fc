// API keys: made with a role and scopes, shown once, revoked.
import { api, items } from '../api.js';
import { confirmThat } from '../menu.js';
import { copyFrom, h, icon } from '../ui.js';
import { form } from './forms.js';
import { action, head, row, rows } from './parts.js';

const ROLES = ['admin', 'member', 'viewer'];
const SCOPES = [
  ['chat', 'chat: conversations'],
  ['ops', 'ops: the cluster and all runs'],
  ['keys', 'keys: other keys'],
  ['catalog', 'catalog: agents, providers, tools'],
];

export class KeysPage {
  static id = 'keys';
  static title = 'Keys';
  static may = (me) => me.scopes.includes('keys');
  #keys = [];

  constructor(root, context) {
    this.root = root;
    this.context = context;
  }

  async show() {
    this.#keys = items(await api.keys());
    this.#draw();
  }

  #draw(panel = null) {
    const may = this.context.me.role !== 'viewer';
    const over = (k) => Boolean(k.revokedAt) || (k.expiresAt && Date.parse(k.expiresAt) < Date.now());
    const order = [...this.#keys].sort((a, b) => over(a) - over(b) || b.createdAt.localeCompare(a.createdAt));
    this.root.replaceChildren(
      head('Keys', 'A key is shown once, when it is made.', may ? action('New key', () => this.#make(), 'primary') : null),
      ...(panel ? [panel] : []),
      rows('Keys', order.map((k) => this.#row(k, over(k), may)), 'There is no key yet; you came in with that of the configuration, or with a token.'),
    );
    panel?.begin?.();
  }

  #row(k, over, may) {
    const day = (iso) => new Date(iso).toLocaleDateString('en', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
    return row({
      name: k.name,
      dim: over,
      tags: [[k.role, k.role === 'admin' ? 'warn' : ''], k.revokedAt ? ['revoked', 'bad'] : over ? ['expired', 'bad'] : null],
      facts: [`for ${k.subject}`, k.scopes.join(', '), `made ${day(k.createdAt)}`, k.expiresAt ? `until ${day(k.expiresAt)}` : null],
      actions: [may && !k.revokedAt ? action('Revoke', () => this.#revoke(k), 'secondary', `Revoke ${k.name}`) : null],
    });
  }

  #make() {
    const { me } = this.context;
    this.#draw(
      form({
        title: 'New key',
        submit: 'Make it',
        cancel: () => this.#draw(),
        fields: [
          { name: 'name', label: 'Name', required: true, hint: 'For people: what it is for' },
          me.role === 'admin' ? { name: 'subject', label: 'Whose', placeholder: me.subject, hint: 'Whose conversations it sees' } : null,
          { name: 'role', label: 'Role', kind: 'select', value: me.role === 'viewer' ? 'viewer' : 'member', options: ROLES.slice(ROLES.indexOf(me.role)).map((r) => [r, r]) },
          { name: 'day', label: 'Good until', kind: 'date', hint: 'The end of that day (UTC); empty: for ever' },
          { name: 'scopes', label: 'Scopes', kind: 'checks', value: ['chat'], options: SCOPES.filter(([id]) => me.scopes.includes(id)) },
        ].filter(Boolean),
        save: async ({ day, ...rest }) => {
          const made = await api.newKey({ ...rest, ...(day ? { expiresAt: `${day}T23:59:59Z` } : {}) });
          this.#keys = items(await api.keys());
          this.#draw(this.#once(made));
        },
      }),
    );
  }

  /** The only time that anybody sees it. */
  #once(made) {
    const text = h('code', { class: 'secret', tabindex: 0 }, made.key);
    const copy = h('button', { type: 'button', class: 'primary small' }, icon('copy'), h('span', { class: 'label' }, 'Copy'));
    copy.addEventListener('click', () => copyFrom(copy, made.key));
    const panel = h('section', { class: 'panel once', 'aria-label': 'The new key' }, h('h2', {}, `The key “${made.name}”`), h('p', {}, 'Copy it now. It is shown this once, and nobody can read it again.'), h('div', { class: 'once-row' }, text, copy), action('Done', () => this.#draw()));
    panel.begin = () => text.focus();
    return panel;
  }

  async #revoke(k) {
    if (!(await confirmThat('Revoke this key?', `Whoever uses “${k.name}” is refused within seconds. There is no way back.`, 'Revoke'))) return;
    await this.context.attempt(async () => {
      await api.revokeKey(k.id);
      await this.show();
      this.context.say(`${k.name} is revoked.`);
    });
  }
}
