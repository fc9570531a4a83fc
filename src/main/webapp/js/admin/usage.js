// What was used: one's own, and for admins that of the organisation.
import { api, items } from '../api.js';
import { h } from '../ui.js';
import { chart } from './chart.js';
import { action, count, goingOn, head, money, table } from './parts.js';

const DAY = 86_400_000;
const NARROW = matchMedia('(max-width: 760px)');
const RANGES = [
  [7, '7 days'],
  [30, '30 days'],
  [90, '90 days'],
  [365, 'A year'],
];

export class UsagePage {
  static id = 'usage';
  static title = 'Usage';
  static may = (me) => me.scopes.includes('chat');
  #days = 30;
  #report = null;
  #threads = [];
  #next = null;
  #asked = 0;
  #redraw = () => this.#report && this.#draw(...this.#report);

  constructor(root, context) {
    this.root = root;
    this.context = context;
  }

  async show() {
    NARROW.addEventListener('change', this.#redraw);
    const asked = ++this.#asked;
    const to = new Date();
    const from = new Date(to - (this.#days - 1) * DAY);
    const thread = this.context.thread();
    const [report, threads, conversation] = await Promise.all([api.usage(iso(from), iso(to)), api.usageOfThreads(), thread ? api.thread(thread).catch(() => null) : null]);
    if (asked !== this.#asked) return;
    this.#threads = items(threads);
    this.#next = threads.next ?? null;
    this.#report = [report, conversation];
    this.#draw(...this.#report);
  }

  hide() {
    NARROW.removeEventListener('change', this.#redraw);
  }

  #draw(report, conversation) {
    const { total } = report;
    const range = h('select', { class: 'pick', 'aria-label': 'Days', onchange: (e) => {
      this.#days = Number(e.target.value);
      this.context.attempt(() => this.show());
    } }, RANGES.map(([n, label]) => h('option', { value: n, selected: n === this.#days }, label)));
    const days = filled(report);
    const costs = days.some((d) => d.usage?.cost);
    this.root.replaceChildren(
      head('Usage', this.context.me.role === 'admin' ? 'Of the whole organisation, by days (UTC).' : 'Your own, by days (UTC).', range),
      h('dl', { class: 'tiles' }, [
        tile('Runs', count(total.runs)),
        tile('Calls', count(total.calls), total.untold ? `${count(total.untold)} broke off untold` : null),
        tile('Tokens in', count(total.inputTokens), total.cachedInputTokens ? `${count(total.cachedInputTokens)} from a cache` : null),
        tile('Tokens out', count(total.outputTokens), total.reasoningTokens ? `${count(total.reasoningTokens)} of reasoning` : null),
        tile('Cost', total.cost === undefined ? '–' : money(total.cost), total.cost === undefined ? 'a model has no price' : null),
      ]),
      chart({ title: 'Tokens', series: [['in', 'in'], ['out', 'out']], days: days.map((d) => ({ day: d.day, values: [d.usage?.inputTokens ?? 0, d.usage?.outputTokens ?? 0] })), unit: count, narrow: NARROW.matches }),
      costs ? chart({ title: 'Cost', series: [['cost', 'out']], days: days.map((d) => ({ day: d.day, values: [Number(d.usage?.cost ?? 0)] })), unit: money, narrow: NARROW.matches }) : '',
      sums('By model', report.byModel),
      sums('By agent', report.byAgent),
      sums('By kind', report.byKind),
      this.#conversations(),
      conversation?.usage ? sums(`The conversation “${conversation.title ?? 'New conversation'}”`, [{ of: 'all its answers', usage: conversation.usage }]) : '',
    );
  }

  /** Since they began, whatever days are shown above. */
  #conversations() {
    if (!this.#threads.length) return '';
    return h(
      'section',
      { class: 'sums' },
      h('h2', { class: 'section' }, 'By conversation', h('span', { class: 'count' }, ' since each began')),
      table('By conversation', [['Of'], ['Who'], ...COLUMNS], this.#threads.map((t) => {
        const [of, ...rest] = line(t.title ?? 'New conversation', t.usage);
        return [of, t.creator, ...rest];
      })),
      this.#next ? h('div', { class: 'more-row' }, action('Show more', () => this.context.attempt(() => this.#more()))) : null,
    );
  }

  async #more() {
    const asked = ++this.#asked;
    const page = await api.usageOfThreads(this.#next);
    if (asked !== this.#asked) return;
    this.#threads.push(...items(page));
    this.#next = page.next ?? null;
    goingOn(this.root, '[aria-label="By conversation"] tbody tr', () => this.#draw(...this.#report));
  }
}

/** `of` is what a line sums up. */
const line = (of, usage) => [of, count(usage.runs), count(usage.calls), count(usage.inputTokens), count(usage.outputTokens), usage.cost === undefined ? '–' : money(usage.cost)];
const COLUMNS = [['Runs', 'number'], ['Calls', 'number'], ['In', 'number'], ['Out', 'number'], ['Cost', 'number']];

function sums(title, list) {
  return h(
    'section',
    { class: 'sums' },
    h('h2', { class: 'section' }, title),
    list.length
      ? table(title, [['Of'], ...COLUMNS], list.map(({ of, usage }) => line(of, usage)))
      : h('p', { class: 'none' }, 'Nothing was used in these days.'),
  );
}

function tile(label, value, note) {
  return h('div', { class: 'tile' }, h('dt', {}, label), h('dd', {}, value), note ? h('dd', { class: 'tile-note' }, note) : null);
}

/** The report names only days on which something was used. */
function filled(report) {
  const known = new Map(report.byDay.map((d) => [d.of, d.usage]));
  const out = [];
  for (let at = Date.parse(report.from); at <= Date.parse(report.to); at += DAY) {
    const day = iso(new Date(at));
    out.push({ day, usage: known.get(day) });
  }
  return out;
}

const iso = (date) => date.toISOString().slice(0, 10);
