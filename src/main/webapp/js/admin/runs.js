// Runs: where they are, and the log of one of them, event by event.
import { api, items } from '../api.js';
import { confirmThat } from '../menu.js';
import { age, h, hue, short } from '../ui.js';
import { action, count, goingOn, head, money, row, rows, table, time } from './parts.js';

const STATES = ['queued', 'running', 'requires_action', 'completed', 'failed', 'cancelled'];
const FINISHED = new Set(['completed', 'failed', 'cancelled']);
const TONES = { running: 'good', requires_action: 'warn', failed: 'bad' };
const EVERY = 1000;

export class RunsPage {
  static id = 'runs';
  static title = 'Runs';
  static may = (me) => me.scopes.includes('ops');
  #state = '';
  #runs = [];
  #next = null;
  #asked = 0;

  constructor(root, context) {
    this.root = root;
    this.context = context;
    this.state = h('select', { class: 'pick', 'aria-label': 'State', onchange: () => {
      this.#state = this.state.value;
      this.context.attempt(() => this.#read());
    } }, h('option', { value: '' }, 'All states'), STATES.map((s) => h('option', { value: s }, s.replace('_', ' '))));
    this.body = h('div', {});
  }

  async show(run) {
    this.log?.close();
    this.log = null;
    if (run) {
      this.log = new RunView(this.root, this.context, run);
      await this.log.read();
      return;
    }
    await this.#read();
    this.root.replaceChildren(head('Runs', 'Of the whole organisation, newest first.', this.state, action('Refresh', () => this.context.attempt(() => this.#read()))), this.body);
  }

  hide() {
    this.log?.close();
    this.log = null;
  }

  async #read() {
    this.#next = null;
    this.#runs = [];
    await this.#more();
  }

  async #more() {
    const asked = ++this.#asked;
    const page = await api.runs({ state: this.#state, cursor: this.#next });
    if (asked !== this.#asked) return;
    this.#runs.push(...items(page));
    this.#next = page.next ?? null;
    goingOn(this.body, '.row', () => this.body.replaceChildren(
      rows('Runs', this.#runs.map((r) => this.#row(r)), 'No run is in this state.'),
      this.#next ? h('div', { class: 'more-row' }, action('Show more', () => this.context.attempt(() => this.#more()))) : '',
    ));
  }

  #row(r) {
    return row({
      name: h('a', { href: `#/admin/runs/${r.id}` }, this.context.title(r.threadId) ?? `Run ${short(r.id)}`),
      tags: [[r.state.replace('_', ' '), TONES[r.state]], r.cancelRequested && !FINISHED.has(r.state) ? ['is being cancelled', 'warn'] : null],
      facts: [short(r.id), r.node, r.epoch ? `epoch ${r.epoch}` : 'never claimed', `${count(r.committedIdx)} records`, r.attempt > 1 ? `attempt ${r.attempt}` : null, `${age(Date.now() - Date.parse(r.createdAt))} ago`],
      text: r.error?.text,
    });
  }
}

/** One run. What is unfinished is read again each second, as long as it is looked at. */
class RunView {
  #timer = 0;
  #closed = false;
  #events = [];
  #epochs = [];
  #list = h('ol', { class: 'events', 'aria-label': 'Events' });
  #top = h('div', {});
  #bottom = h('div', { class: 'more-row' });
  #next = null;
  #kept = true;
  #drawn = false;
  #failed = false;

  constructor(root, context, id) {
    this.root = root;
    this.context = context;
    this.id = id;
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async read() {
    clearTimeout(this.#timer);
    try {
      const run = await api.run(this.id);
      const before = this.#list.children.length;
      await this.#more(run);
      if (this.#closed) return;
      this.#draw(run, before);
      if (this.#failed) this.context.say('');
      this.#failed = false;
      if (!FINISHED.has(run.state)) this.#later();
    } catch (error) {
      if (this.#closed) return;
      if (error.status === 404) {
        this.#unreadable();
        return;
      }
      this.#failed = true;
      // What is refused for good, as to a key that was revoked, is not asked for again and again.
      const refused = error.status >= 400 && error.status < 500 && !error.passing;
      if (!refused) this.#later();
      throw error;
    }
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#again(), EVERY);
  }

  #again() {
    if (document.hidden) this.#later();
    else this.context.attempt(() => this.read());
  }

  /** What follows what is here. Where the run tells of nothing new, nothing is asked for. */
  async #more(run) {
    const known = this.#events.at(-1)?.idx ?? 0;
    const epoch = this.#epochs.at(-1)?.epoch ?? 0;
    if (run.committedIdx <= known && run.epoch === epoch) return;
    let log = await api.log(this.id, known || null);
    // What a later epoch took back is no part of the log any more; what it wrote instead begins there.
    const base = Math.min(known, ...log.epochs.filter((e) => e.epoch > epoch).map((e) => e.base));
    if (base < known) {
      this.#events = this.#events.filter((e) => e.idx <= base);
      this.#list.replaceChildren(...[...this.#list.children].slice(0, this.#events.length));
      log = await api.log(this.id, base || null);
    }
    this.#epochs = log.epochs;
    this.#kept = log.kept;
    this.#next = log.next ?? null;
    // Two readings may overlap, where somebody releases or cancels meanwhile.
    const last = this.#events.at(-1)?.idx ?? 0;
    let before = this.#list.lastElementChild?.dataset.epoch;
    for (const event of items(log).filter((e) => e.idx > last)) {
      this.#events.push(event);
      this.#list.append(eventRow(event, String(event.epoch) !== before));
      before = String(event.epoch);
    }
  }

  /** `before` is how many events were there before it was read. */
  #draw(run, before) {
    const may = this.context.me.role !== 'viewer';
    const finished = FINISHED.has(run.state);
    const buttons = [
      may && run.state === 'running' ? action('Release', () => this.#release()) : null,
      may && !finished ? action('Cancel', () => this.#cancel()) : null,
    ].filter(Boolean);
    const focused = this.#top.contains(document.activeElement) ? document.activeElement.textContent : null;
    this.#top.replaceChildren(
      h('p', { class: 'back' }, h('a', { href: '#/admin/runs' }, '‹ All runs')),
      head(`Run ${short(run.id)}`, null, ...buttons),
      h('dl', { class: 'facts' }, facts(run, this.context.title(run.threadId))),
      run.error ? h('p', { class: 'notice bad' }, `${run.error.code}: ${run.error.text ?? ''}`) : '',
      section('Epochs', this.#epochs.length ? table('Epochs', [['Epoch', 'number'], ['Why'], ['Node'], ['Keeps up to', 'number'], ['Took back up to', 'number'], ['When']], this.#epochs.map((e) => [e.epoch, e.reason, e.node ?? '–', e.base, e.voided ?? '–', time(e.at)])) : h('p', { class: 'none' }, 'Nobody has claimed it yet.')),
      section('Provider calls', (run.attempts ?? []).length ? table('Provider calls', [['Step', 'number'], ['Attempt', 'number'], ['Epoch', 'number'], ['Node'], ['Model'], ['Outcome'], ['Took', 'number'], ['In', 'number'], ['Out', 'number'], ['Cost', 'number']], run.attempts.map((a) => [a.step, a.attempt, a.epoch, a.node, a.model ?? '–', a.outcome, a.endedAt ? age(Date.parse(a.endedAt) - Date.parse(a.startedAt)) : '–', a.usage ? count(a.usage.inputTokens) : '–', a.usage ? count(a.usage.outputTokens) : '–', a.cost === undefined ? '–' : money(a.cost)])) : h('p', { class: 'none' }, 'No provider was called.')),
      h('h2', { class: 'section' }, 'Events', h('span', { class: 'count' }, ` ${count(this.#events.length)} of ${count(run.committedIdx)} stored`)),
      this.#kept ? '' : h('p', { class: 'none' }, 'The records of this run are deleted, as those of all finished runs after a while. Its answer is in its conversation.'),
    );
    if (focused) [...this.#top.querySelectorAll('a, button')].find((b) => b.textContent === focused)?.focus({ preventScroll: true });
    // The button stays the same as long as there is more: it may have the focus, which goes to the first new event at the end.
    const pressed = this.#bottom.contains(document.activeElement);
    if (!this.#next) this.#bottom.replaceChildren();
    else if (!this.#bottom.firstChild) this.#bottom.append(action('Show more', () => this.context.attempt(() => this.read())));
    if (pressed && !this.#next) this.#list.children[before]?.querySelector('summary').focus();
    if (this.#drawn) return;
    this.#drawn = true;
    this.root.replaceChildren(this.#top, this.#list, this.#bottom);
  }

  /** Operators see where runs are, and never what is said in them. */
  #unreadable() {
    this.root.replaceChildren(
      h('p', { class: 'back' }, h('a', { href: '#/admin/runs' }, '‹ All runs')),
      head(`Run ${short(this.id)}`, 'There is no such run, or only those who may read its conversation see its log.', this.context.me.role === 'viewer' ? null : action('Release', () => this.#release())),
    );
  }

  async #release() {
    if (!(await confirmThat('Release this run?', 'It is taken from its node; another one, or the same, goes on with it.', 'Release'))) return;
    await this.context.attempt(async () => {
      await api.release(this.id);
      this.context.say('The run is released.');
      await this.read();
    });
  }

  async #cancel() {
    if (!(await confirmThat('Cancel this run?', 'What it has said so far is kept as an incomplete answer.', 'Cancel it'))) return;
    await this.context.attempt(async () => {
      await api.cancel(this.id);
      this.context.say('The run is being cancelled.');
      await this.read();
    });
  }
}

function section(title, body) {
  return h('section', {}, h('h2', { class: 'section' }, title), body);
}

function facts(run, title) {
  const of = (label, value) => (value === undefined || value === null || value === '' ? null : h('div', {}, h('dt', {}, label), h('dd', {}, value)));
  return [
    of('State', h('span', { class: `pill ${TONES[run.state] ?? ''}`, dataset: { state: run.state } }, run.state.replace('_', ' '))),
    of('Conversation', h('a', { href: `#/t/${encodeURIComponent(run.threadId)}` }, title ?? 'open')),
    run.node ? of('Node', h('span', { class: 'where', dataset: { hue: hue(run.node) } }, h('i', { class: 'node-dot' }), run.node)) : null,
    of('Epoch', String(run.epoch)),
    of('Attempt', String(run.attempt)),
    run.position ? of('Place in the queue', String(run.position)) : null,
    of('Created', time(run.createdAt)),
    run.startedAt ? of('Started', time(run.startedAt)) : null,
    run.finishedAt ? of('Finished', time(run.finishedAt)) : null,
    run.usage ? of('Tokens', `${count(run.usage.inputTokens)} in, ${count(run.usage.outputTokens)} out`) : null,
    run.spent?.cost !== undefined ? of('Cost', money(run.spent.cost)) : null,
    run.sha256 ? of('SHA-256', h('code', {}, run.sha256.slice(0, 16))) : null,
    of('Id', h('code', {}, run.id)),
  ].filter(Boolean);
}

function eventRow(event, first) {
  const { type, ...rest } = event.chunk;
  const words = rest.delta ?? rest.inputTextDelta ?? rest.errorText ?? rest.toolName ?? '';
  return h(
    'li',
    { class: first ? 'first' : '', dataset: { epoch: event.epoch } },
    h(
      'details',
      {},
      h('summary', {}, h('span', { class: 'event-idx' }, event.idx), h('span', { class: 'event-epoch', title: `Epoch ${event.epoch}` }, `e${event.epoch}`), h('span', { class: 'event-type' }, type), h('span', { class: 'event-text' }, words)),
      h('pre', {}, JSON.stringify(event.chunk, null, 2)),
      h('p', { class: 'event-at' }, 'stored ', time(event.at)),
    ),
  );
}
