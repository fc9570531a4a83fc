// Bars over days as one SVG, without a library: stacked where a day has several values, and a table for who cannot see it.
import { h } from '../ui.js';
import { table } from './parts.js';

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 220;
const LEFT = 56;
const BOTTOM = 30;
const TOP = 10;

/** `series` are `[name, class]`, `days` are `{day, values}` with as many values; `unit(n)` says one in words; `narrow` is for phones. */
export function chart({ title, series, days, unit, narrow }) {
  const width = narrow ? 340 : 760;
  const most = Math.max(0, ...days.map((d) => sum(d.values)));
  const top = niceTop(most);
  const y = (n) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (top ? n / top : 0));
  const step = (width - LEFT) / Math.max(1, days.length);
  const bar = Math.max(1, Math.min(34, step * 0.72));
  const svg = s('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, class: 'chart', role: 'img', 'aria-label': `${title}, by day. The table below says the same.` });
  for (const n of ticks(top)) {
    svg.append(s('line', { x1: LEFT, x2: width, y1: y(n), y2: y(n), class: 'chart-line' }), s('text', { x: LEFT - 8, y: y(n) + 4, class: 'chart-tick', 'text-anchor': 'end' }, short(n)));
  }
  const every = Math.ceil(days.length / (narrow ? 4 : 8));
  days.forEach((d, i) => {
    const x = LEFT + step * i + (step - bar) / 2;
    const group = s('g', { class: 'chart-day' }, s('title', {}, `${d.day}: ${series.map(([name], k) => `${unit(d.values[k])} ${name}`).join(', ')}`));
    group.append(s('rect', { x: LEFT + step * i, width: step, y: TOP, height: HEIGHT - TOP - BOTTOM, class: 'chart-hit' }));
    let below = 0;
    d.values.forEach((n, k) => {
      if (n > 0) group.append(s('rect', { x, width: bar, y: y(below + n), height: Math.max(1, y(below) - y(below + n)), class: `chart-bar ${series[k][1]}` }));
      below += n;
    });
    svg.append(group);
    if (i % every === 0) svg.append(s('text', { x: LEFT + step * (i + 0.5), y: HEIGHT - 6, class: 'chart-tick', 'text-anchor': 'middle' }, d.day.slice(5)));
  });
  const used = days.filter((d) => sum(d.values) > 0);
  return h(
    'figure',
    { class: 'panel chart-panel' },
    h('figcaption', {}, h('h2', {}, title), series.length > 1 ? h('span', { class: 'legend' }, series.map(([name, kind]) => h('span', {}, h('i', { class: kind }), name))) : null),
    svg,
    h('details', { class: 'chart-table' }, h('summary', {}, 'As a table'), table(title, [['Day'], ...series.map(([name]) => [name, 'number'])], used.map((d) => [d.day, ...d.values.map(unit)]))),
  );
}

function s(name, attributes, ...children) {
  const el = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
  el.append(...children);
  return el;
}

const sum = (values) => values.reduce((a, b) => a + b, 0);

/** The next of 1, 2, 5 × 10ⁿ. */
function niceTop(most) {
  if (most <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((m) => m * power).find((n) => n >= most);
}

const ticks = (top) => (top ? [0, top / 2, top] : [0]);

function short(n) {
  if (n >= 1e6) return `${+(n / 1e6).toFixed(1)} M`;
  if (n >= 1e3) return `${+(n / 1e3).toFixed(1)} k`;
  return String(+n.toPrecision(3));
}
