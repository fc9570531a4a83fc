// What a run waits for: may this call be made, or what is its output? One card for each question.
import { h, setAttribute } from './ui.js';

export class AskCard {
  #buttons;
  #sending = false;
  #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  #onAnswer;

  constructor(question, onAnswer) {
    this.#onAnswer = onAnswer;
    const approval = question.kind === 'approval';
    const name = h('code', {}, question.toolName);
    const input = JSON.stringify(question.input ?? {}, null, 2);
    const field = approval
      ? h('input', { type: 'text', maxlength: 2000, placeholder: 'Reason, if you deny', 'aria-label': `Reason for denying ${question.toolName}` })
      : h('textarea', { rows: 2, 'aria-label': `Your answer for ${question.toolName}`, placeholder: 'Your answer, as text or JSON' });
    const yes = h('button', { type: 'submit', class: 'primary' }, approval ? 'Approve' : 'Answer');
    const no = h('button', { type: 'button', class: 'secondary' }, approval ? 'Deny' : 'Decline');
    this.#buttons = [yes, no];
    const form = h('form', { class: 'ask-form' }, approval ? [yes, no, field] : [field, h('div', { class: 'ask-row' }, yes, no)]);
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      if (approval) this.#send({ approved: true });
      else if (field.value.trim()) this.#send({ output: valueOf(field.value.trim()) });
      else field.focus();
    });
    no.addEventListener('click', () => {
      const reason = field.value.trim();
      this.#send({ approved: false, ...(reason ? { reason } : {}) });
    });
    // In a field of one line Enter would mean the first button, which says yes.
    if (approval) {
      field.addEventListener('keydown', (e) => {
        if (e.key === 'Enter') e.preventDefault();
      });
    }
    this.el = h(
      'section',
      { class: 'ask', 'aria-label': approval ? `May ${question.toolName} be called?` : `${question.toolName} asks you`, dataset: { call: question.callId } },
      h('h3', {}, approval ? ['May ', name, ' be called?'] : [name, ' asks you']),
      question.interrupted ? h('p', { class: 'ask-note' }, 'The server was lost during this call: it may have been made already.') : null,
      input === '{}' ? null : h('pre', { tabindex: 0, 'aria-label': 'Arguments' }, input),
      this.#problem,
      form,
    );
  }

  async #send(answer) {
    if (this.#sending) return;
    this.#busy(true);
    this.#problem.hidden = true;
    try {
      await this.#onAnswer(answer);
    } catch (error) {
      this.#problem.textContent = error.message;
      this.#problem.hidden = false;
    } finally {
      this.#busy(false);
    }
  }

  /** Not disabled, which would take the focus away from who has just pressed one. */
  #busy(busy) {
    this.#sending = busy;
    for (const button of this.#buttons) setAttribute(button, 'aria-disabled', busy || null);
  }
}

/** JSON where it is some, else the text itself. */
function valueOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
