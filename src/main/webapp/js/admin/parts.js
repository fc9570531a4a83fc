// What the pages of the administration are made of.
import { h } from '../ui.js';

/** Title, a sentence, and the button that begins something new. */
export function head(title, text, ...actions) {
  return h('div', { class: 'page-head' }, h('div', {}, h('h1', { tabindex: -1 }, title), text ? h('p', {}, text) : null), h('div', { class: 'page-actions' }, actions));
}

/** One thing in a list: its name, what is known of it, and what can be done to it. */
export function row({ name, tags = [], facts = [], text, actions = [], dim }, ...more) {
  return h(
    'li',
    { class: `row${dim ? ' dim' : ''}` },
    h('div', { class: 'row-main' }, h('div', { class: 'row-name' }, h('strong', {}, name), tags.filter(Boolean).map(([label, tone]) => h('span', { class: `pill ${tone ?? ''}` }, label))), facts.filter(Boolean).length ? h('p', { class: 'row-facts' }, facts.filter(Boolean).join(' · ')) : null, text ? h('p', { class: 'row-text' }, text) : null),
    h('div', { class: 'row-actions' }, actions.filter(Boolean)),
    more,
  );
}

export function action(label, run, tone = 'secondary', name = null) {
  return h('button', { type: 'button', class: `${tone} small`, 'aria-label': name, onclick: run }, label);
}

/** `draw` replaces `lines` with more of them, and the button that asked for them: who pressed it goes on at the first new one. */
export function goingOn(root, lines, draw) {
  const pressed = root.querySelector('.more-row')?.contains(document.activeElement);
  const before = root.querySelectorAll(lines).length;
  draw();
  const first = pressed && root.querySelectorAll(lines)[before];
  if (!first) return;
  first.tabIndex = -1;
  first.focus();
}

export function rows(label, items, none) {
  return items.length ? h('ul', { class: 'rows', role: 'list', 'aria-label': label }, items) : h('p', { class: 'none' }, none);
}

/**
 * `columns` are `[title, class]`; each cell is text or an element. More than three stand below each other on a phone: the
 * roles say that it is a table still.
 */
export function table(label, columns, lines) {
  return h(
    'div',
    { class: 'grid-scroll', tabindex: 0, role: 'region', 'aria-label': label },
    h(
      'table',
      { class: columns.length > 3 ? 'grid stacks' : 'grid', role: 'table' },
      h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, columns.map(([title, kind]) => h('th', { scope: 'col', role: 'columnheader', class: kind }, title)))),
      h('tbody', { role: 'rowgroup' }, lines.map((line) => h('tr', { role: 'row' }, line.map((cell, i) => h('td', { role: 'cell', class: columns[i][1], 'data-label': columns[i][0] }, cell))))),
    ),
  );
}

export function time(iso) {
  if (!iso) return '–';
  const at = new Date(iso);
  return h('time', { datetime: iso, title: iso }, at.toLocaleString('en', { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }));
}

/** In whatever currency the prices are in. */
export const money = (n) => Number(n).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 4 });

export const count = (n) => Number(n ?? 0).toLocaleString('en');
