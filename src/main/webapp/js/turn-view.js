// One turn on the page: what was asked, and the answer as it grows. Text that stands is only ever continued; it goes
// when a frame says so.
import { AskCard } from './asks.js';
import { fileView } from './attachments.js';
import { MarkdownWriter } from './markdown.js';
import { copyFrom, h, hue, icon, setAttribute, setText } from './ui.js';

const NAMES = { asking: 'Preparing', running: 'Running', wanted: 'Wants to use', done: 'Used', failed: 'Failed:', denied: 'Denied:', unknown: 'Asked for' };

export class TurnView {
  constructor(turn, actions) {
    this.turn = turn;
    this.actions = actions;
    this.parts = [];
    this.cards = new Map();
    this.bubble = h('div', { class: 'bubble' });
    this.said = h('div', { class: 'said' });
    this.files = h('div', { class: 'question-files', hidden: true });
    this.question = h('article', { class: 'question', 'aria-label': 'You' }, this.files, this.bubble, this.said);
    this.body = h('div', { class: 'answer-body' });
    this.asks = h('div', { class: 'asks', hidden: true });
    this.wait = h('div', { class: 'wait', hidden: true }, h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')), h('span', { class: 'wait-text' }));
    this.notice = h('div', { class: 'notice', hidden: true });
    this.meta = h('div', { class: 'meta' });
    this.answer = h('article', { class: 'answer', 'aria-label': 'Answer', hidden: true }, this.body, this.asks, this.wait, this.notice, this.meta);
    this.el = h('div', { class: 'turn' }, this.question, this.answer);
    this.el.view = this;
  }

  update() {
    const { turn } = this;
    setAttribute(this.el, 'data-state', turn.state);
    setAttribute(this.el, 'data-run', turn.run);
    setAttribute(this.el, 'data-idx', turn.idx || null);
    this.question.hidden = !turn.user;
    setText(this.bubble, turn.user?.text ?? '');
    this.bubble.hidden = !turn.user?.text;
    this.#syncFiles(turn.user?.files ?? []);
    this.el.classList.toggle('sending', turn.sending);
    this.answer.hidden = turn.sending && !turn.problem;
    this.#syncSaid();
    this.#syncParts();
    this.#syncAsks();
    this.#syncWait();
    this.#syncNotice();
    this.#syncMeta();
  }

  #syncFiles(files) {
    const signature = files.map((f) => f.url).join();
    if (signature === this.filesShown) return;
    this.filesShown = signature;
    this.files.replaceChildren(...files.map(fileView));
    this.files.hidden = files.length === 0;
  }

  #syncParts() {
    const wanted = this.turn.fold.parts;
    while (this.parts.length > wanted.length) this.parts.pop().el.remove();
    wanted.forEach((part, i) => {
      let view = this.parts[i];
      if (view && view.kind !== part.kind) {
        for (const old of this.parts.splice(i)) old.el.remove();
        view = undefined;
      }
      if (!view) {
        view = partView(part);
        this.parts[i] = view;
        this.body.append(view.el);
      }
      view.update(part, this.turn.finished || part.done || i < wanted.length - 1, this.turn);
    });
    const last = this.parts.at(-1);
    for (const view of this.parts) view.el.classList.toggle('open', view === last && !this.turn.finished && view.kind === 'text');
    setAttribute(this.answer, 'aria-busy', this.turn.finished ? null : 'true');
  }

  /** Below what was asked: other words, and the ways in which it was said before. */
  #syncSaid() {
    const { turn } = this;
    const ways = turn.user?.siblings ?? [];
    const may = turn.finished && Boolean(turn.user) && !turn.sending && turn.state !== 'refused';
    const signature = `${may}${turn.user?.id}${ways.join()}`;
    if (this.saidSignature === signature) return;
    this.saidSignature = signature;
    const edit = may ? h('button', { type: 'button', class: 'quiet icon-only', 'aria-label': 'Edit this message', title: 'Edit', onclick: () => this.#edit() }, icon('edit')) : null;
    this.said.replaceChildren(...[edit, waysOf(ways, turn.user?.id, 'message', this.actions.branch)].filter(Boolean));
  }

  #edit() {
    const field = h('textarea', { class: 'reword', 'aria-label': 'The message in other words', rows: 1, maxlength: 64000 });
    field.value = this.turn.user.text;
    const send = h('button', { type: 'submit', class: 'primary small' }, 'Send');
    const done = () => {
      form.replaceWith(this.bubble);
      this.said.hidden = false;
    };
    const form = h('form', { class: 'reword-form' }, field, h('div', { class: 'reword-row' }, h('button', { type: 'button', class: 'secondary small', onclick: () => {
      done();
      this.said.querySelector('button')?.focus();
    } }, 'Cancel'), send));
    const grow = () => {
      field.style.height = 'auto';
      field.style.height = `${Math.min(field.scrollHeight, 320)}px`;
    };
    field.addEventListener('input', grow);
    field.addEventListener('keydown', (e) => {
      if (e.key === 'Escape') form.querySelector('.secondary').click();
      else if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229) form.requestSubmit();
      else return;
      e.preventDefault();
      e.stopPropagation();
    });
    form.addEventListener('submit', async (e) => {
      e.preventDefault();
      const text = field.value.trim();
      if (!text && !this.turn.user.files.length) return;
      send.disabled = true;
      if (await this.actions.reword(this.turn, text)) done();
      else send.disabled = false;
    });
    this.bubble.replaceWith(form);
    this.said.hidden = true;
    grow();
    field.focus();
  }

  #syncAsks() {
    const wanted = this.turn.finished ? [] : this.turn.questions;
    const keep = new Set(wanted.map((q) => q.callId));
    for (const [id, card] of this.cards) {
      if (keep.has(id)) continue;
      const focused = card.el.contains(document.activeElement);
      card.el.remove();
      this.cards.delete(id);
      if (focused) (this.asks.querySelector('button') ?? document.getElementById('ask')).focus({ preventScroll: true });
    }
    for (const question of wanted) {
      if (this.cards.has(question.callId)) continue;
      const card = new AskCard(question, (answer) => this.actions.answer(this.turn, question, answer));
      this.cards.set(question.callId, card);
      this.asks.append(card.el);
    }
    this.asks.hidden = wanted.length === 0;
  }

  /** For who has just chosen another way, with the keyboard perhaps. */
  focusWays(which) {
    const ways = (which === 'question' ? this.said : this.meta).querySelector('.ways');
    (ways?.querySelector('button:not(:disabled)') ?? ways)?.focus({ preventScroll: true });
  }

  #syncWait() {
    const { turn } = this;
    const last = turn.fold.parts.at(-1);
    const speaking = last && last.kind === 'text' && last.text && !last.done;
    let text = null;
    if (turn.finished || turn.state === 'refused') text = null;
    else if (turn.stopping) text = 'Stopping';
    else if (turn.state === 'retrying') text = 'The model did not answer; trying again';
    else if (turn.state === 'requires_action') text = turn.questions.length ? null : 'Waiting for a decision';
    else if (turn.state === 'queued') text = 'Starting';
    else if (!speaking) text = last?.kind === 'reasoning' && !last.done ? null : 'Thinking';
    this.wait.hidden = text === null;
    if (text) setText(this.wait.lastChild, text);
  }

  #syncNotice() {
    const { turn } = this;
    const [tone, text] = notice(turn);
    this.notice.hidden = !text;
    if (this.noticeText === text) return;
    this.noticeText = text;
    if (!text) return;
    this.notice.className = `notice ${tone}`;
    this.notice.replaceChildren(h('span', {}, text));
    if (turn.state === 'refused') {
      this.notice.append(
        h('button', { type: 'button', class: 'link', onclick: () => this.actions.again(turn) }, 'Try again'),
        h('button', { type: 'button', class: 'link', onclick: () => this.actions.forget(turn) }, 'Discard'),
      );
    } else if (turn.state === 'failed' && turn.user) {
      this.notice.append(h('button', { type: 'button', class: 'link repeat', onclick: () => this.actions.repeat(turn) }, 'Ask again'));
    }
  }

  #syncMeta() {
    const { turn } = this;
    const moved = turn.continued.map((c) => c.node).filter(Boolean);
    const signature = [turn.finished, turn.node, moved.join(), turn.continued.length, turn.verified, turn.terminal?.usage ? 1 : 0, turn.text ? 1 : 0, turn.answerId, turn.answerSiblings.join()].join('|');
    if (signature === this.signature) return;
    this.signature = signature;
    const out = [];
    if (turn.finished && turn.text) {
      const copy = h('button', { type: 'button', class: 'quiet', 'aria-label': 'Copy this answer' }, icon('copy'), h('span', { class: 'label' }, 'Copy'));
      copy.addEventListener('click', () => copyFrom(copy, turn.text));
      out.push(copy);
    }
    if (turn.finished && turn.user && turn.run && turn.state !== 'refused') {
      const again = h('button', { type: 'button', class: 'quiet', 'aria-label': 'Regenerate this answer' }, icon('again'), 'Regenerate');
      again.addEventListener('click', async () => {
        again.disabled = true;
        await this.actions.regenerate(turn);
        again.disabled = false;
      });
      out.push(again);
    }
    const ways = waysOf(turn.answerSiblings, turn.answerId, 'answer', this.actions.branch);
    if (ways) out.push(ways);
    const nodes = [turn.node, ...moved].filter((n, i, all) => n && n !== all[i - 1]);
    const last = nodes.at(-1);
    if (turn.continued.length) {
      out.push(h('span', { class: 'where moved', dataset: { hue: hue(last) } }, h('i', { class: 'node-dot' }), last && moved.length ? `continued on ${last}` : 'continued on another node'));
    } else if (last) {
      out.push(h('span', { class: 'where', dataset: { hue: hue(last) } }, h('i', { class: 'node-dot' }), last));
    }
    const usage = turn.terminal?.usage;
    const tokens = usage && (usage.outputTokens ?? usage.output ?? usage.completionTokens);
    if (tokens) out.push(h('span', { class: 'fact' }, `${Number(tokens).toLocaleString('en')} tokens`));
    if (turn.verified === true) {
      const n = turn.terminal.n;
      out.push(
        h('span', { class: 'fact verified', title: `All ${n} records are here, and their SHA-256 is that of the stored answer:\n${turn.terminal.sha256}` }, icon('check'), 'as stored'),
      );
    }
    this.meta.replaceChildren(...out);
  }
}

/** ‹ 2/3 ›, or null where there is one way only. */
function waysOf(siblings, own, what, go) {
  const at = siblings.indexOf(own);
  if (siblings.length < 2 || at < 0) return null;
  const step = (to, label, turned) =>
    h('button', { type: 'button', class: `quiet icon-only ${turned}`, 'aria-label': label, title: label, disabled: to < 0 || to >= siblings.length, onclick: () => go(siblings[to]) }, icon('chevron'));
  return h(
    'span',
    { class: 'ways', role: 'group', 'aria-label': `Versions of this ${what}`, tabindex: -1 },
    step(at - 1, 'Previous version', 'back'),
    h('span', { class: 'ways-at' }, `${at + 1}/${siblings.length}`),
    step(at + 1, 'Next version', ''),
  );
}

function notice(turn) {
  if (turn.state === 'refused') return ['bad', turn.problem || 'This message was not accepted.'];
  if (turn.state === 'failed') {
    const why = turn.fold.error || turn.problem || 'The run failed.';
    return ['bad', turn.text ? `${why} What arrived before is kept above; it is not complete.` : why];
  }
  if (turn.state === 'cancelled') {
    return ['calm', turn.text ? 'Stopped. The answer above is not complete.' : 'Stopped before the answer began.'];
  }
  if (turn.stored && !turn.complete) return ['calm', 'This answer is not complete.'];
  return ['', null];
}

function partView(part) {
  if (part.kind === 'text') return new TextPart();
  if (part.kind === 'reasoning') return new ReasoningPart();
  if (part.kind === 'tool') return new ToolPart();
  return new SourcePart();
}

/** Feeds a Markdown writer with what is new; begins again only where the part says that it shrank. */
class Flow {
  #root;
  #writer = null;
  #shown = 0;
  #revision = -1;
  #ended = false;

  constructor(root) {
    this.#root = root;
  }

  update(part, ended) {
    if (part.revision !== this.#revision || part.text.length < this.#shown || (this.#ended && part.text.length > this.#shown)) {
      this.#revision = part.revision;
      this.#shown = 0;
      this.#ended = false;
      this.#root.replaceChildren();
      this.#writer = new MarkdownWriter(this.#root);
    }
    if (part.text.length > this.#shown) {
      this.#writer.write(part.text.slice(this.#shown));
      this.#shown = part.text.length;
    }
    if (ended && !this.#ended) {
      this.#ended = true;
      this.#writer.end();
    }
  }
}

class TextPart {
  kind = 'text';

  constructor() {
    this.el = h('div', { class: 'markdown', dir: 'auto' });
    this.flow = new Flow(this.el);
  }

  update(part, ended) {
    this.flow.update(part, ended);
  }
}

class ReasoningPart {
  kind = 'reasoning';

  constructor() {
    this.title = h('span', {}, 'Thinking');
    this.text = h('div', { class: 'markdown', dir: 'auto' });
    this.el = h('details', { class: 'reasoning' }, h('summary', {}, icon('chevron'), this.title), this.text);
    this.flow = new Flow(this.text);
  }

  update(part, ended) {
    this.flow.update(part, ended);
    this.el.classList.toggle('busy', !ended);
    setText(this.title, ended ? 'Thought about it' : 'Thinking');
  }
}

class ToolPart {
  kind = 'tool';
  #revision = '';

  constructor() {
    this.title = h('span', {});
    this.name = h('code', {});
    this.input = h('pre', { tabindex: 0, 'aria-label': 'Arguments' });
    this.output = h('pre', { tabindex: 0, 'aria-label': 'Result' });
    this.result = h('div', {}, h('h4', {}, 'Result'), this.output);
    this.el = h('details', { class: 'reasoning tool' }, h('summary', {}, icon('chevron'), h('span', {}, this.title, ' ', this.name)), h('h4', {}, 'Arguments'), this.input, this.result);
  }

  update(part, ended, turn) {
    // A call that was wanted is under way once the run goes on.
    const state = part.state === 'wanted' && turn.state !== 'requires_action' ? (turn.finished ? 'unknown' : 'running') : part.state;
    const signature = `${part.revision} ${state} ${turn.finished}`;
    if (signature === this.#revision) return;
    this.#revision = signature;
    setAttribute(this.el, 'data-state', state);
    this.el.classList.toggle('busy', !part.done && state !== 'wanted' && !turn.finished);
    setText(this.title, NAMES[state] ?? 'Used');
    setText(this.name, part.name);
    setText(this.input, part.text);
    this.result.hidden = part.output === undefined;
    setText(this.output, part.output ?? '');
  }
}

class SourcePart {
  kind = 'source';

  constructor() {
    this.el = h('p', { class: 'source' });
  }

  update(part) {
    if (this.el.firstChild) return;
    const safe = /^https?:\/\//i.test(part.url ?? '');
    this.el.append(safe ? h('a', { href: part.url, target: '_blank', rel: 'noopener noreferrer nofollow' }, part.text) : part.text);
  }
}
