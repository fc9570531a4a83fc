// Messages that wait for the running answer, in order; each can be changed in its place, or taken back.
import { namesOf } from './attachments.js';
import { h, icon } from './ui.js';

export class Queue {
  #root;
  #on;
  #signature = '';
  #editing = null;
  #turns = [];

  constructor(root, on) {
    this.#root = root;
    this.#on = on;
  }

  draw(turns) {
    this.#turns = turns;
    if (this.#editing && !turns.includes(this.#editing)) this.#editing = null;
    const signature = turns.map((t) => `${t.run ?? ''}${t.user?.id ?? ''}${t.sending}${t === this.#editing || (t.user?.text ?? '')}`).join();
    if (this.#signature === signature) return;
    this.#signature = signature;
    this.#root.hidden = turns.length === 0;
    this.#root.replaceChildren(
      h('h2', {}, turns.length === 1 ? '1 message waits' : `${turns.length} messages wait`),
      h('ol', {}, turns.map((turn, i) => this.#item(turn, i))),
    );
    const field = this.#root.querySelector('textarea');
    if (field) this.#grow(field);
  }

  #item(turn, i) {
    const files = turn.user?.files ?? [];
    const names = namesOf(files);
    const text = turn.user?.text || names;
    const position = h('span', { class: 'position', 'aria-label': `Position ${i + 1}` }, String(i + 1));
    if (turn === this.#editing) return h('li', { class: 'editing', dataset: { run: turn.run } }, position, this.#form(turn));
    return h(
      'li',
      { dataset: { run: turn.run ?? '' } },
      position,
      files.length ? h('span', { class: 'queued-files', title: names }, icon('clip'), h('span', { class: 'sr' }, files.length === 1 ? '1 file' : `${files.length} files`)) : null,
      h('span', { class: 'queued-text', title: text }, text),
      turn.run ? h('button', { type: 'button', class: 'icon-button', 'aria-label': `Edit: ${text.slice(0, 60)}`, title: 'Edit', onclick: () => this.#edit(turn) }, icon('edit')) : null,
      turn.run ? h('button', { type: 'button', class: 'icon-button', 'aria-label': `Remove: ${text.slice(0, 60)}`, title: 'Remove', onclick: () => this.#on.remove(turn) }, icon('close')) : null,
    );
  }

  #form(turn) {
    // What was typed survives a drawing of the list, which others may cause.
    this.typed ??= turn.user.text;
    const field = h('textarea', { rows: 1, 'aria-label': 'The waiting message', maxlength: 64000 });
    field.value = this.typed;
    const form = h('form', {}, field, h('button', { type: 'submit', class: 'icon-button', 'aria-label': 'Save', title: 'Save' }, icon('check')), h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Cancel', title: 'Cancel', onclick: () => this.#done(turn) }, icon('close')));
    field.addEventListener('input', () => {
      this.typed = field.value;
      this.#grow(field);
    });
    field.addEventListener('keydown', (e) => {
      if (e.key === 'Escape') this.#done(turn);
      else if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229) form.requestSubmit();
      else return;
      e.preventDefault();
      e.stopPropagation();
    });
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      const text = field.value.trim();
      if (!text && !turn.user.files.length) return;
      this.#done(turn);
      if (text !== turn.user.text) this.#on.rewrite(turn, text);
    });
    return form;
  }

  #edit(turn) {
    this.#editing = turn;
    this.typed = null;
    this.draw(this.#turns);
    this.#root.querySelector('textarea')?.focus();
  }

  #done(turn) {
    this.#editing = null;
    this.typed = null;
    this.draw(this.#turns);
    this.#root.querySelector(`li[data-run="${CSS.escape(turn.run)}"] button`)?.focus();
  }

  #grow(field) {
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, 120)}px`;
  }
}
