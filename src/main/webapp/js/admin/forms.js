// Forms of the administration: described by their fields, and told what the server says against them.
import { h } from '../ui.js';

let last = 0;

/**
 * `fields` are `{name, label, kind, value, hint, options, required, placeholder, when}`; a kind is text, area, lines, number,
 * secret, date, select or checks. `save(values)` gets what is filled in; an error of the server stands beside the button, and
 * its field gets the focus: that of its name, or the one that the server calls `as`. A field with `when(values)` is there only while that holds.
 */
export function form({ title, fields, submit, save, cancel }) {
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const button = h('button', { type: 'submit', class: 'primary' }, submit);
  const built = fields.map((f) => build(f));
  const values = () => Object.fromEntries(built.filter((b) => !b.el.hidden).map((b) => [b.field.name, b.value()]).filter(([, value]) => value !== undefined));
  const arrange = () => {
    const now = Object.fromEntries(built.map((b) => [b.field.name, b.value()]));
    for (const b of built) {
      b.el.hidden = Boolean(b.field.when) && !b.field.when(now);
      for (const input of b.el.querySelectorAll('input, select, textarea')) input.disabled = b.el.hidden;
    }
  };
  const el = h(
    'form',
    { class: 'panel form', 'aria-label': title, autocomplete: 'off' },
    h('h2', {}, title),
    h('div', { class: 'fields' }, built.map((b) => b.el)),
    problem,
    h('div', { class: 'form-row' }, button, cancel ? h('button', { type: 'button', class: 'secondary', onclick: cancel }, 'Cancel') : null),
  );
  el.addEventListener('change', arrange);
  el.addEventListener('submit', async (e) => {
    e.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    try {
      await save(values());
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      const named = built.find((b) => b.field.as === error.field && error.field) ?? built.find((b) => b.field.name === error.field?.split(/[.[]/)[0]);
      (named?.input ?? button).focus();
    } finally {
      button.disabled = false;
    }
  });
  arrange();
  el.begin = () => {
    el.scrollIntoView({ block: 'nearest' });
    built.find((b) => b.input && !b.input.readOnly)?.input.focus({ preventScroll: true });
  };
  return el;
}

function build(field) {
  const id = `f${++last}`;
  const hint = field.hint ? h('span', { class: 'field-hint', id: `${id}-hint` }, field.hint) : null;
  const common = { id, name: field.name, required: field.required, placeholder: field.placeholder, 'aria-describedby': hint ? `${id}-hint` : null };
  if (field.kind === 'checks') return checks(field, hint);
  const input = inputOf(field, common);
  if (field.value !== undefined && field.value !== null) input.value = field.kind === 'lines' ? field.value.join('\n') : field.value;
  return {
    field,
    input,
    el: h('div', { class: `field ${['area', 'lines'].includes(field.kind) ? 'wide' : ''}` }, h('label', { for: id }, field.label), input, hint),
    value: () => valueOf(field, input),
  };
}

function inputOf(field, common) {
  switch (field.kind) {
    case 'area':
      return h('textarea', { ...common, rows: 6 });
    case 'lines':
      return h('textarea', { ...common, rows: 3, spellcheck: 'false' });
    case 'select':
      return h('select', common, field.options.map(([value, label]) => h('option', { value }, label)));
    case 'number':
      return h('input', { ...common, type: 'number', min: field.min, max: field.max, step: field.step ?? 1 });
    case 'secret':
      return h('input', { ...common, type: 'password', autocomplete: 'new-password', spellcheck: 'false' });
    case 'date':
      return h('input', { ...common, type: 'date' });
    default:
      return h('input', { ...common, type: 'text', readonly: field.fixed, spellcheck: 'false', list: field.list });
  }
}

/** What is left empty is left out. */
function valueOf(field, input) {
  const text = input.value.trim();
  if (field.kind === 'lines') {
    const lines = text.split('\n').map((l) => l.trim()).filter(Boolean);
    return lines.length ? lines : undefined;
  }
  if (text === '') return undefined;
  return field.kind === 'number' ? Number(text) : text;
}

function checks(field, hint) {
  const boxes = field.options.map(([value, label]) => h('input', { type: 'checkbox', name: field.name, value, checked: (field.value ?? []).includes(value) }));
  const rows = field.options.map(([, label], i) => h('label', { class: 'check' }, boxes[i], label));
  return {
    field,
    input: boxes[0],
    el: h('fieldset', { class: 'field wide' }, h('legend', {}, field.label), rows.length ? h('div', { class: 'checks' }, rows) : h('p', { class: 'field-hint' }, field.none ?? 'There is none.'), hint),
    value: () => boxes.filter((b) => b.checked).map((b) => b.value),
  };
}
