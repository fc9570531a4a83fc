// One thread as this browser knows it: frames go in, turns come out. Knows nothing of pages and networks.
import { Fold, ofMessage, plainText } from './fold.js';

const FINISHED = new Set(['completed', 'failed', 'cancelled']);
const CURSOR = /^([0-9a-f-]{36})\.(\d+)\.(\d+|end)$/;

export class Turn {
  run = null;
  user = null;
  state = 'queued';
  fold = new Fold();
  records = [];
  idx = 0;
  epoch = 0;
  node = null;
  continued = [];
  rewinds = 0;
  terminal = null;
  complete = true;
  stored = false;
  removed = false;
  problem = null;
  stopping = false;
  sending = false;
  /** What it waits for, where its state is requires_action. */
  questions = [];
  answerId = null;
  answerSiblings = [];
  /** What stands beside its message when it is sent. */
  how = {};

  get finished() {
    return FINISHED.has(this.state);
  }

  get started() {
    return this.idx > 0 || this.finished || !['queued', 'sending'].includes(this.state);
  }

  get text() {
    return this.fold.parts
      .filter((p) => p.kind === 'text')
      .map((p) => p.text)
      .join('\n\n');
  }
}

/**
 * `onChange(turn)` after each change of a turn, `onOrder()` where turns came or went, `onGap(cursor)` where frames are
 * missing, `onReset()` where the thread must be read again, `onFinish(turn)` at each end, `onAsk(turn)` where a run asks.
 */
export class Conversation {
  turns = [];
  #on;
  #runs = new Map();
  #asked = new Map();

  constructor(on) {
    this.#on = on;
  }

  /** A page of stored messages, oldest first. */
  history(messages, where = 'after') {
    const read = [];
    for (const message of messages) {
      const run = message.runId ?? message.metadata?.runId ?? null;
      const turn = this.#stored(run, message);
      if (!read.includes(turn)) read.push(turn);
      if (message.role === 'user') {
        turn.user ??= userOf(message);
        turn.user.siblings = message.siblings ?? [];
        if (!turn.stored && message.state && !turn.records.length && !turn.finished) turn.state = message.state;
      } else if (message.role === 'assistant') {
        this.#storedAnswer(turn, message);
      }
    }
    const others = this.turns.filter((t) => !read.includes(t));
    const known = this.turns.filter((t) => read.includes(t) && !t.fresh);
    // What was there keeps its place; new turns of an older page come before it, of the newest after what it continues.
    if (where === 'before') this.turns = [...read, ...others];
    else this.turns = [...others.filter((t) => this.#before(t, known)), ...read, ...others.filter((t) => !this.#before(t, known))];
    for (const turn of read) {
      turn.fresh = false;
      this.#on.onChange(turn);
    }
    this.#on.onOrder();
  }

  /** What the messages do not say: how the runs ended, and where. */
  outcomes(runs) {
    for (const run of runs) {
      const turn = this.#runs.get(run.id);
      if (!turn) continue;
      turn.node ??= run.node ?? null;
      if (turn.records.length || turn.terminal || !FINISHED.has(run.state)) continue;
      turn.state = run.state;
      turn.problem = run.error?.text ?? turn.problem;
      turn.removed = run.state === 'cancelled' && !run.epoch;
      this.#on.onChange(turn);
    }
    this.#on.onOrder();
  }

  #before(turn, known) {
    return known.length > 0 && this.turns.indexOf(turn) < this.turns.indexOf(known[0]);
  }

  #stored(run, message) {
    const own = message.role === 'user' ? this.#asked.get(message.id) : null;
    // One message may have several runs: each is a turn of its own.
    const found = (run && this.#runs.get(run)) || (own && (!own.run || !run) ? own : null);
    if (found) {
      if (run) this.#bind(found, run);
      return found;
    }
    const turn = this.#add(run);
    turn.fresh = true;
    if (message.role === 'user') this.#asked.set(message.id, turn);
    return turn;
  }

  #storedAnswer(turn, message) {
    turn.answerId = message.id;
    turn.answerSiblings = message.siblings ?? [];
    if (turn.stored || turn.terminal) return;
    turn.stored = true;
    turn.complete = message.complete ?? message.metadata?.complete ?? true;
    turn.state = FINISHED.has(message.state) ? message.state : turn.complete ? 'completed' : 'failed';
    turn.problem = message.errorText ?? null;
    turn.fold = ofMessage(message.parts).replace(turn.fold);
    turn.records = [];
  }

  /** A message of this page, before the server has it. */
  ask(id, text, how = {}, files = []) {
    const turn = this.#add(null);
    turn.user = { id, text, files };
    turn.how = how;
    turn.sending = true;
    this.#asked.set(id, turn);
    this.#on.onOrder();
    return turn;
  }

  accepted(turn, answer) {
    turn.sending = false;
    turn.problem = null;
    const twin = this.#runs.get(answer.runId);
    if (twin && twin !== turn) this.#drop(turn);
    else this.#bind(turn, answer.runId);
    const now = this.#runs.get(answer.runId);
    if (!now.started) now.state = answer.state ?? now.state;
    this.#on.onChange(now);
    this.#on.onOrder();
  }

  refused(turn, problem) {
    turn.sending = false;
    turn.problem = problem;
    turn.state = 'refused';
    this.#on.onChange(turn);
    this.#on.onOrder();
  }

  forget(turn) {
    this.#drop(turn);
    this.#on.onOrder();
  }

  /** The turn that is running now, else the first that waits. */
  get active() {
    const unfinished = this.turns.filter((t) => t.run && !t.finished && !t.removed);
    return unfinished.find((t) => t.started) ?? unfinished[0] ?? null;
  }

  /** Those behind the active one, in order. */
  get queue() {
    const active = this.active;
    return this.turns.filter((t) => t !== active && !t.finished && !t.removed && !t.started && t.state !== 'refused' && (t.run || t.sending) && active);
  }

  apply({ type, id, data }) {
    switch (type) {
      case 'message':
        // The default event of a stream is named `message`, too: a chunk has its record's id and a type.
        return data.run && data.message !== undefined ? this.#message(data) : this.#chunk(id, data);
      case 'state':
        return this.#state(data);
      case 'rewind':
        return this.#rewind(id, data);
      case 'snapshot':
        return this.#snapshot(data);
      case 'terminal':
        return this.#terminal(id, data);
      case 'reset':
        this.clear();
        return this.#on.onReset();
      default:
        return undefined;
    }
  }

  /** What this page is still sending stays. */
  clear() {
    this.turns = this.turns.filter((t) => !t.run);
    this.#runs.clear();
    this.#asked = new Map(this.turns.filter((t) => t.user).map((t) => [t.user.id, t]));
    this.#on.onOrder();
  }

  #message({ run, message, state, after }) {
    if (after !== undefined && !this.#runs.has(run) && !this.#branch(after)) {
      this.clear();
      this.#on.onReset();
    }
    const turn = this.#turn(run, message?.id);
    if (message) turn.user = { ...userOf(message), siblings: turn.user?.siblings };
    if (after !== undefined) turn.branched = true;
    turn.sending = false;
    if (state === 'removed') turn.removed = true;
    else if (state) this.#enter(turn, state);
    this.#on.onChange(turn);
    this.#on.onOrder();
  }

  /** Another way on from this run: what was answered after it is no part of this conversation any more. False where
   * the run itself is none of it. */
  #branch(after) {
    const at = this.turns.findIndex((t) => t.run === after);
    if (after !== null && at < 0) return false;
    this.turns = this.turns.filter((t, i) => i <= at || !t.finished);
    return true;
  }

  #state({ run, state }) {
    const turn = this.#turn(run);
    this.#enter(turn, state);
    this.#on.onChange(turn);
    this.#on.onOrder();
  }

  #enter(turn, state) {
    if (turn.finished) return;
    const waited = !turn.started;
    // A replay says that the run was running, too; whether it asks still is for the run itself to say.
    const asked = turn.state === 'requires_action' && turn.questions.length > 0;
    turn.state = state;
    if (state === 'requires_action' || (asked && state === 'running')) this.#on.onAsk(turn);
    else turn.questions = [];
    if (waited && turn.started && !turn.finished) this.#overtake(turn);
    if (state === 'cancelled' && waited && turn.idx === 0) turn.removed = true;
  }

  /** Who interrupts is answered before those who waited first. */
  #overtake(turn) {
    const waiting = this.turns.findIndex((t) => t.run && !t.started && !t.removed);
    const own = this.turns.indexOf(turn);
    if (waiting < 0 || waiting > own) return;
    this.turns.splice(own, 1);
    this.turns.splice(waiting, 0, turn);
  }

  #chunk(id, chunk) {
    const at = CURSOR.exec(id ?? '');
    if (!at || at[3] === 'end') return;
    const turn = this.#turn(at[1]);
    const [epoch, idx] = [Number(at[2]), Number(at[3])];
    if (turn.finished || idx <= turn.idx) return;
    if (idx > turn.idx + 1) {
      this.#on.onGap(turn.idx > 0 ? `${turn.run}.${turn.epoch}.${turn.idx}` : null);
      return;
    }
    // After a decision the run goes on under another epoch, and nobody has taken it over.
    const decided = turn.records.at(-1)?.chunk.type === 'tool-approval-request';
    if (turn.epoch && epoch > turn.epoch && !decided) turn.continued.push({ epoch, node: null });
    turn.idx = idx;
    turn.epoch = Math.max(turn.epoch, epoch);
    const first = ['queued', 'retrying', 'sending', 'requires_action'].includes(turn.state);
    if (first) this.#enter(turn, 'running');
    turn.records.push({ idx, epoch, chunk });
    turn.fold.apply(chunk);
    this.#on.onChange(turn);
    if (first) this.#on.onOrder();
  }

  #rewind(id, { run, to, reason }) {
    const at = CURSOR.exec(id ?? '');
    const turn = this.#turn(run ?? at?.[1]);
    if (turn.finished) return;
    const epoch = at ? Number(at[2]) : turn.epoch;
    turn.rewinds++;
    if (turn.epoch && epoch > turn.epoch) turn.continued.push({ epoch, node: null, reason });
    turn.epoch = Math.max(turn.epoch, epoch);
    turn.idx = Math.min(turn.idx, to);
    turn.records = turn.records.filter((r) => r.idx <= to);
    const fold = new Fold();
    for (const record of turn.records) fold.apply(record.chunk);
    turn.fold = fold.replace(turn.fold);
    this.#on.onChange(turn);
  }

  #snapshot({ run, message }) {
    const turn = this.#turn(run);
    if (!message || turn.stored) return;
    turn.records = [];
    turn.fold = ofMessage(message.parts).replace(turn.fold);
    turn.stored = true;
    turn.complete = message.complete ?? message.metadata?.complete ?? true;
    this.#on.onChange(turn);
  }

  #terminal(id, terminal) {
    const turn = this.#turn(terminal.run);
    const at = CURSOR.exec(id ?? '');
    const was = turn.finished;
    if (at && Number(at[2]) > turn.epoch) turn.epoch = Number(at[2]);
    turn.terminal = terminal;
    turn.state = terminal.state;
    turn.stopping = false;
    turn.questions = [];
    turn.answerId = terminal.answerId ?? turn.answerId;
    turn.complete = terminal.state === 'completed';
    turn.problem = terminal.errorText ?? turn.problem;
    if (turn.removed) turn.removed = turn.idx === 0;
    this.#on.onChange(turn);
    this.#on.onOrder();
    if (!was) this.#on.onFinish(turn);
  }

  #turn(run, messageId) {
    let turn = this.#runs.get(run);
    if (turn) return turn;
    const own = messageId && this.#asked.get(messageId);
    turn = own && !own.run ? own : this.#add(run);
    this.#bind(turn, run);
    if (messageId) this.#asked.set(messageId, turn);
    return turn;
  }

  #add(run) {
    const turn = new Turn();
    // What this page is still sending comes after what the server already has.
    const at = run ? this.turns.findIndex((t) => t.sending || t.state === 'refused') : -1;
    if (at >= 0) this.turns.splice(at, 0, turn);
    else this.turns.push(turn);
    if (run) this.#bind(turn, run);
    return turn;
  }

  #bind(turn, run) {
    turn.run = run;
    turn.sending = false;
    this.#runs.set(run, turn);
  }

  #drop(turn) {
    this.turns = this.turns.filter((t) => t !== turn);
    if (turn.user) this.#asked.delete(turn.user.id);
  }
}

function userOf(message) {
  const files = (message.parts ?? []).filter((p) => p.type === 'file' && p.url?.startsWith('/api/files/'));
  return { id: message.id, text: plainText(message.parts), files, at: message.createdAt };
}

/** Lower hex SHA-256 of the text deltas in idx order; null where this page has no complete log or no crypto. */
export async function textHash(turn) {
  if (!globalThis.crypto?.subtle || turn.records.length === 0 || turn.records[0].idx !== 1) return null;
  const text = turn.records.map((r) => (r.chunk.type === 'text-delta' ? r.chunk.delta : '')).join('');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('');
}
