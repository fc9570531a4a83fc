// The message field: grows with its text, sends on Enter, and never loses what was typed.
import { Attachments } from './attachments.js';

const DRAFT = 'continuo.draft.';

export class Composer {
  #form;
  #field;
  #send;
  #stop;
  #now;
  #active = false;
  #thread = '';
  #onSend;
  #lastOwn;
  #files;

  constructor({ form, field, send, stop, now, files, attach, file }, { onSend, onStop, onProblem, lastOwn }) {
    this.#form = form;
    this.#field = field;
    this.#send = send;
    this.#stop = stop;
    this.#now = now;
    this.#onSend = onSend;
    this.#lastOwn = lastOwn;
    this.#files = new Attachments(
      { form, field, row: files, button: attach, input: file },
      { onChange: () => this.#changed(), onProblem },
    );
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      this.#submit();
    });
    field.addEventListener('input', () => this.#changed());
    let width = 0;
    new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width !== width) this.#grow();
      width = contentRect.width;
    }).observe(form);
    field.addEventListener('keydown', (e) => this.#key(e));
    stop.addEventListener('click', onStop);
    now.addEventListener('click', () => this.#submit(true));
    form.addEventListener('pointerdown', (e) => {
      if (e.target === form) setTimeout(() => field.focus());
    });
  }

  /** Each conversation keeps its own draft. */
  attach(thread) {
    this.#thread = thread ?? '';
    this.#field.value = sessionStorage.getItem(DRAFT + this.#thread) ?? '';
    this.#changed();
  }

  /** A new conversation got its id while its draft was being sent. */
  rename(thread) {
    this.#thread = thread;
    this.#changed();
  }

  put(text) {
    this.#field.value = text;
    this.#changed();
    this.focus();
    this.#field.setSelectionRange(text.length, text.length);
  }

  /** A message that was stopped before it began comes back, unless something else is being written. */
  offer(text) {
    if (this.#field.value === '') this.put(text);
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** `state` is that of the run that has the seat, if any. */
  busy(state, stopping) {
    this.#active = Boolean(state);
    this.#stop.hidden = !state;
    this.#stop.disabled = stopping;
    this.#field.placeholder = state === 'requires_action' ? 'Decide above, or write on to decline' : state ? 'Ask more; it waits its turn' : 'Ask anything';
    this.#offerNow();
  }

  /** Where an answer is being written, a message may also take its place. */
  #offerNow() {
    this.#now.hidden = !this.#active || !this.#sendable();
  }

  /** There is something to send, and nothing of it is still on its way to the server. */
  #sendable() {
    return !this.#files.busy && (this.#files.any || this.#field.value.trim() !== '');
  }

  #submit(interrupt = false) {
    const text = this.#field.value.trim();
    if (!this.#sendable()) return;
    const files = this.#files.take();
    this.#field.value = '';
    this.#changed();
    this.#onSend(text, interrupt && this.#active, files);
    this.focus();
  }

  #key(e) {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229) {
      e.preventDefault();
      this.#submit(e.ctrlKey || e.metaKey);
    } else if (e.key === 'ArrowUp' && this.#field.value === '') {
      const text = this.#lastOwn();
      if (text) {
        e.preventDefault();
        this.put(text);
      }
    }
  }

  #grow() {
    const field = this.#field;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, 240)}px`;
  }

  #changed() {
    const field = this.#field;
    this.#grow();
    this.#send.disabled = !this.#sendable();
    this.#offerNow();
    if (field.value) sessionStorage.setItem(DRAFT + this.#thread, field.value);
    else sessionStorage.removeItem(DRAFT + this.#thread);
    this.#form.classList.toggle('filled', field.value !== '');
  }
}
