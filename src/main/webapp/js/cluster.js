// The cluster beside the chat: nodes, their beat and load, and the runs they carry. Asks only while it is looked at.
import { api, items } from './api.js';
import { session } from './session.js';
import { age, h, hue, icon, setAttribute, setText, short } from './ui.js';

const EVERY = 1000;
const FINISHED = new Set(['completed', 'failed', 'cancelled']);
const STATES = { queued: 'waiting', running: 'running', retrying: 'trying again', requires_action: 'asks', completed: 'done', failed: 'failed', cancelled: 'stopped' };

export class Cluster {
  nodes = [];
  #body;
  #on;
  #timer = 0;
  #shown = false;
  #cards = new Map();
  #rows = new Map();
  #parts;
  #denied = false;

  constructor(body, on) {
    this.#body = body;
    this.#on = on;
    this.#parts = {
      nodes: h('ul', { class: 'nodes', role: 'list', 'aria-label': 'Nodes' }),
      runs: h('ul', { class: 'runs', role: 'list', 'aria-label': 'Runs' }),
      none: h('p', { class: 'none' }, 'No run is on its way.'),
      count: h('span', { class: 'count' }),
      note: h('p', { class: 'none', hidden: true }),
    };
    const { nodes, runs, none, count, note } = this.#parts;
    body.append(note, h('h3', {}, 'Nodes'), nodes, h('h3', {}, 'Runs', count), none, runs);
    document.addEventListener('visibilitychange', () => this.#again());
  }

  show(shown) {
    this.#shown = shown;
    this.#again();
  }

  /** One look, for the name of the node that this page is attached to. */
  async look() {
    try {
      this.nodes = items(await api.nodes());
      this.#on.nodes(this.nodes);
      if (this.#denied) this.#allowed();
    } catch (error) {
      this.#refused(error);
    }
  }

  /** Somebody signed in with a key that may do more. */
  #allowed() {
    this.#denied = false;
    this.#body.classList.remove('denied');
    this.#parts.note.hidden = true;
    this.#again();
  }

  #again() {
    clearTimeout(this.#timer);
    if (this.#shown && !document.hidden && !this.#denied) this.#poll();
  }

  async #poll() {
    const started = performance.now();
    try {
      const [nodes, runs] = await Promise.all([api.nodes(), api.runs()]);
      this.nodes = items(nodes);
      this.#on.nodes(this.nodes);
      this.#drawNodes();
      this.#drawRuns(items(runs));
      this.#body.classList.remove('stale');
    } catch (error) {
      this.#refused(error);
    }
    clearTimeout(this.#timer);
    if (this.#shown && !document.hidden && !this.#denied) {
      this.#timer = setTimeout(() => this.#poll(), Math.max(250, EVERY - (performance.now() - started)));
    }
  }

  #refused(error) {
    this.#denied = error.status === 403;
    this.#body.classList.toggle('stale', !this.#denied);
    this.#body.classList.toggle('denied', this.#denied);
    this.#parts.note.hidden = !this.#denied;
    if (this.#denied) setText(this.#parts.note, 'This key may chat, but it may not look at the cluster: it lacks the scope “ops”.');
  }

  #drawNodes() {
    const seen = new Set();
    for (const node of [...this.nodes].sort((a, b) => String(a.id).localeCompare(String(b.id), 'en', { numeric: true }))) {
      // Each start of a node is a row of its own; the list begins with those that live, and the sort keeps that.
      if (seen.has(node.id)) continue;
      seen.add(node.id);
      let card = this.#cards.get(node.id);
      if (!card) {
        card = nodeCard(node);
        this.#cards.set(node.id, card);
        this.#parts.nodes.append(card.el);
      }
      card.update(node, this.#on.thread());
    }
    sweep(this.#cards, seen);
  }

  #drawRuns(runs) {
    const seen = new Set();
    let before = null;
    for (const run of runs.slice(0, 40)) {
      seen.add(run.id);
      let row = this.#rows.get(run.id);
      if (!row) {
        row = runRow(run);
        this.#rows.set(run.id, row);
      }
      row.update(run, this.#on.title(run.threadId));
      const place = before ? before.nextSibling : this.#parts.runs.firstChild;
      if (row.el !== place) this.#parts.runs.insertBefore(row.el, place);
      before = row.el;
    }
    sweep(this.#rows, seen);
    const busy = runs.filter((r) => !FINISHED.has(r.state)).length;
    this.#parts.none.hidden = runs.length > 0;
    setText(this.#parts.count, busy ? `${busy} on ${busy === 1 ? 'its' : 'their'} way` : '');
  }
}

function sweep(cards, seen) {
  for (const [id, card] of cards) {
    if (seen.has(id)) continue;
    card.el.remove();
    cards.delete(id);
  }
}

function stateOf(node) {
  if (node.alive === false) return 'gone';
  if (node.late) return 'late';
  return node.draining || node.drainAsked ? 'draining' : 'live';
}

/** What an operator should know beside the figures; nothing about the dead. */
function worries(node) {
  const said = [];
  if (node.late) said.push(`No beat for ${age(node.beatAgeMs)}. Others take its runs in ${age(node.leaseLeftMs)} at the latest.`);
  if (node.lockHeld === false) said.push('Its lock is not held: a death shows only when its lease is over.');
  if (typeof node.load?.nats === 'string' && node.load.nats.toLowerCase() !== 'connected') said.push('Without NATS: slower, not wrong.');
  return said.join(' ');
}

function fact(label) {
  const value = h('dd', {});
  return { el: h('div', {}, h('dt', {}, label), value), value };
}

function nodeCard(node) {
  const name = h('strong', {}, node.id);
  const tag = h('span', { class: 'tag' });
  const go = h('a', { class: 'go', target: '_blank', rel: 'noopener', hidden: true }, 'Open', icon('out'));
  let target = null;
  go.addEventListener('click', (e) => {
    e.preventDefault();
    open(session.elsewhere(target.url, target.thread), '_blank', 'noopener');
  });
  const beat = fact('beat');
  const runs = fact('runs');
  const watchers = fact('watchers');
  const up = fact('up');
  const bar = h('i', {});
  const meter = h('div', { class: 'meter', 'aria-hidden': 'true' }, bar);
  const warn = h('p', { class: 'node-warn', hidden: true });
  const el = h('li', { class: 'node' }, h('div', { class: 'node-head' }, h('i', { class: 'node-dot' }), name, tag, go), h('dl', {}, beat.el, runs.el, watchers.el, up.el), meter, warn);
  return {
    el,
    update(now, thread) {
      const load = now.load ?? {};
      const state = stateOf(now);
      const alive = state !== 'gone';
      setAttribute(el, 'data-hue', hue(now.id));
      setAttribute(el, 'data-state', state);
      setText(tag, { gone: 'gone', late: 'late', draining: now.draining ? 'leaving' : 'asked to leave' }[state] ?? (now.self ? 'this page' : ''));
      tag.hidden = tag.textContent === '';
      setText(beat.value, age(now.beatAgeMs));
      const running = alive ? (load.running ?? now.running) : now.running;
      const slots = load.slots ?? now.slots;
      setText(runs.value, running === undefined ? '–' : slots && alive ? `${running} of ${slots}` : String(running));
      setText(watchers.value, alive ? String(load.watchers ?? now.watchers ?? '–') : '–');
      setText(up.value, alive && now.startedAt ? age(Date.now() - Date.parse(now.startedAt)) : '–');
      bar.style.transform = `scaleX(${slots ? Math.min(1, running / slots) : 0})`;
      meter.hidden = !slots || !alive;
      const worry = alive ? worries(now) : '';
      warn.hidden = worry === '';
      setText(warn, worry);
      go.hidden = now.self || !now.url || !alive;
      if (/^https?:\/\//.test(now.url ?? '')) {
        target = { url: now.url, thread };
        setAttribute(go, 'href', session.address(now.url, thread));
      } else go.hidden = true;
      setAttribute(go, 'aria-label', `Open this conversation on ${now.id}`);
    },
  };
}

function runRow(run) {
  const state = h('i', { class: 'state' });
  const title = h('span', { class: 'run-title' });
  const facts = h('span', { class: 'run-facts' });
  const node = h('span', { class: 'where' }, h('i', { class: 'node-dot' }), h('span', {}));
  const el = h('li', { class: 'run' }, h('a', { href: `#/t/${encodeURIComponent(run.threadId ?? run.thread ?? '')}` }, state, title, node, facts));
  return {
    el,
    update(now, known) {
      setAttribute(el, 'data-state', now.state);
      setText(title, now.title || known || `run ${short(now.id)}`);
      setAttribute(node, 'data-hue', hue(now.node));
      setText(node.lastChild, now.node ?? '–');
      node.hidden = !now.node;
      const idx = now.committedIdx ?? now.idx;
      const text = [
        STATES[now.state] ?? now.state,
        now.epoch ? `epoch ${now.epoch}` : null,
        idx ? `${Number(idx).toLocaleString('en')} records` : null,
        now.watchers ? `${now.watchers} watching` : null,
        now.attempt > 1 ? `attempt ${now.attempt}` : null,
      ];
      setText(facts, text.filter(Boolean).join(' · '));
    },
  };
}
