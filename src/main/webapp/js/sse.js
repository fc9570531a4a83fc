// Server-sent events over fetch, because EventSource cannot send an Authorization header. It reconnects by itself with
// the last id it has seen, so a connection may end at any byte.
import { problem, tell } from './api.js';
import { session } from './session.js';

const SILENCE = 26_000;
const FASTEST = 250;
const SLOWEST = 10_000;

/** Bytes to events, as the HTML standard has it; pure. */
export class SseParser {
  lastId = '';
  #text = new TextDecoder();
  #rest = '';
  #skipLf = false;
  #event = blank();

  /** Events whose empty line has come. A comment is `{comment}`, a `retry:` field is `{retry}`. */
  feed(bytes) {
    let text = this.#rest + this.#text.decode(bytes, { stream: true });
    if (this.#skipLf && text.startsWith('\n')) text = text.slice(1);
    if (text !== '') this.#skipLf = false;
    const out = [];
    let at = 0;
    const end = /\r\n|\n|\r/g;
    for (let m = end.exec(text); m; m = end.exec(text)) {
      this.#line(text.slice(at, m.index), out);
      at = m.index + m[0].length;
      // A CR at the very end may be the first half of CRLF.
      if (m[0] === '\r' && at === text.length) this.#skipLf = true;
    }
    this.#rest = text.slice(at);
    return out;
  }

  #line(line, out) {
    if (line === '') {
      const e = this.#event;
      this.#event = blank();
      if (e.id !== null) this.lastId = e.id;
      if (e.data.length) out.push({ type: e.type || 'message', data: e.data.join('\n'), id: this.lastId, own: e.id !== null });
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) {
      out.push({ comment: line.slice(1) });
      return;
    }
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.#event.data.push(value);
    else if (name === 'event') this.#event.type = value;
    else if (name === 'id' && !value.includes('\0')) this.#event.id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) out.push({ retry: Number(value) });
  }
}

function blank() {
  return { type: '', data: [], id: null };
}

/**
 * One logical stream over any number of connections.
 * `onEvent({type, data, id, own})`, `data` being parsed JSON; `onState('connecting'|'open'|'waiting'|'paused'|'refused', info)`.
 */
export class Stream {
  #path;
  #onEvent;
  #onState;
  #closed = false;
  #paused = false;
  #cursor;
  #retry = 1500;
  #failures = 0;
  #abort = null;
  #timer = 0;
  #watch = 0;

  constructor(path, { onEvent, onState = () => {}, cursor = null }) {
    this.#path = path;
    this.#onEvent = onEvent;
    this.#onState = onState;
    this.#cursor = cursor;
    this.#connect();
  }

  get cursor() {
    return this.#cursor;
  }

  close() {
    this.#closed = true;
    this.#stop();
  }

  /** Gives the connection back; `resume` continues exactly after the last event. */
  pause() {
    if (this.#closed || this.#paused) return;
    this.#paused = true;
    this.#stop();
    this.#onState('paused');
  }

  resume() {
    if (this.#closed || !this.#paused) return;
    this.#paused = false;
    this.#connect();
  }

  /** Does not wait for the back-off. */
  hurry() {
    if (this.#closed || this.#paused || !this.#timer) return;
    this.#stop();
    this.#connect();
  }

  /** Starts over at `cursor`: what was heard since cannot be used. */
  restart(cursor) {
    if (this.#closed) return;
    this.#cursor = cursor;
    this.#stop();
    this.#later(FASTEST);
  }

  #stop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#watch);
    this.#timer = 0;
    this.#abort?.abort();
    this.#abort = null;
  }

  async #connect() {
    const abort = new AbortController();
    this.#abort = abort;
    const live = () => this.#abort === abort;
    this.#onState('connecting');
    this.#listenFor(abort);
    let wait = null;
    let error = null;
    try {
      const response = await fetch(this.#path, {
        signal: abort.signal,
        cache: 'no-store',
        credentials: 'omit',
        headers: {
          Accept: 'text/event-stream',
          Authorization: `Bearer ${session.key()}`,
          ...(this.#cursor ? { 'Last-Event-ID': this.#cursor } : {}),
        },
      });
      tell(response);
      if (response.status === 200) {
        wait = await this.#read(response, abort, live);
      } else if (!response.ok) {
        error = await problem(response);
        if (!error.passing && error.status < 500) {
          if (live()) this.#refuse(error);
          return;
        }
        wait = error.retryAfterMs ?? null;
      }
    } catch {
      // Cut, aborted or unreachable: the cursor says where to go on.
    }
    if (!live()) return;
    this.#stop();
    this.#failures++;
    this.#later(wait ?? this.#backOff(), error);
  }

  #refuse(error) {
    this.#closed = true;
    this.#stop();
    this.#onState('refused', { error });
  }

  #backOff() {
    const base = Math.min(SLOWEST, this.#retry * 1.6 ** Math.max(0, this.#failures - 1));
    return Math.max(FASTEST, base * (0.75 + Math.random() * 0.5));
  }

  #later(ms, error = null) {
    this.#onState('waiting', { ms, failures: this.#failures, error });
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#connect();
    }, ms);
  }

  /** The server comments every ten seconds: a longer silence is a dead connection. */
  #listenFor(abort) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => abort.abort(), SILENCE);
  }

  /** Until the connection ends; answers how long to wait where the server said so. */
  async #read(response, abort, live) {
    const parser = new SseParser();
    parser.lastId = this.#cursor ?? '';
    const reader = response.body.getReader();
    let opened = false;
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !live()) return null;
      this.#listenFor(abort);
      if (!opened) {
        opened = true;
        this.#failures = 0;
        this.#onState('open');
      }
      for (const event of parser.feed(value)) {
        if (event.retry !== undefined) this.#retry = Math.max(FASTEST, event.retry);
        if (event.data === undefined) continue;
        const data = JSON.parse(event.data);
        if (event.type === 'reconnect') {
          return Math.max(0, Number(data.afterMs) || 0);
        }
        this.#cursor = event.id || this.#cursor;
        this.#onEvent({ type: event.type, data, id: event.id, own: event.own });
        if (!live()) return null;
      }
      // An id may come alone: a place to go on from, before there is anything to show.
      this.#cursor = parser.lastId || this.#cursor;
    }
  }
}
