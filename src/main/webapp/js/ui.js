// Elements, icons and words for times. Everything is made by name: no text ever becomes markup.
const SVG = 'http://www.w3.org/2000/svg';

/** `h('button', {class: 'x', onclick: f}, 'text', child)`; absent children are left out. */
export function h(name, props = {}, ...children) {
  const el = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) el.addEventListener(key.slice(2), value);
    else if (key === 'dataset') Object.assign(el.dataset, value);
    else el.setAttribute(key, value === true ? '' : String(value));
  }
  el.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return el;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

export function setText(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

export function setAttribute(el, name, value) {
  if (value === null || value === undefined || value === false) el.removeAttribute(name);
  else if (el.getAttribute(name) !== String(value)) el.setAttribute(name, String(value));
}

/** A run at the next frame, or soon where the page is hidden and frames stand still. */
export function frame(work) {
  if (document.hidden) setTimeout(work, 60);
  else requestAnimationFrame(work);
}

export function age(ms) {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

export function short(id) {
  return String(id ?? '').slice(0, 8);
}

/** One of six hues for a node, the same in every part of the page. */
export function hue(node) {
  const text = String(node ?? '');
  const digits = /(\d+)\D*$/.exec(text);
  if (digits) return Number(digits[1]) % 6;
  let sum = 0;
  for (const c of text) sum = (sum * 31 + c.codePointAt(0)) % 9973;
  return sum % 6;
}

/** Tries the clipboard, then says so on the button for a moment. */
export async function copyFrom(button, text) {
  const label = button.querySelector('.label') ?? button;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(text);
    label.textContent = 'Copied';
  } catch {
    label.textContent = 'Not allowed';
  }
  button.classList.add('said');
  setTimeout(() => {
    label.textContent = before;
    button.classList.remove('said');
  }, 1600);
}
