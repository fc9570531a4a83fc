// Inline Markdown as a function that only ever looks a bounded distance ahead: what it has emitted for the beginning
// of a paragraph stays true whatever follows, so the page can append while a model is still speaking.

const LINK_SCHEMES = /^(?:https?:|mailto:)/i;
const MAX_SPAN = 600;
const MAX_LABEL = 300;
const MAX_URL = 2000;
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', hellip: '…', mdash: '—', ndash: '–', copy: '©', times: '×', rarr: '→', larr: '←' };
const SPECIAL = /[\\`*_~[!<&\nh]/g;
const WORD = /[\p{L}\p{N}_]/u;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const MORE = Symbol('more');

/**
 * Tokens for as much of `text` as cannot change any more, and how many characters that was.
 * With `final` everything is consumed. `before` is the character before the text.
 */
export function inline(text, final, before = '') {
  const tokens = [];
  let plain = 0;
  let i = 0;
  const flush = (end) => {
    if (end > plain) tokens.push({ type: 'text', text: text.slice(plain, end) });
  };
  while (i < text.length) {
    SPECIAL.lastIndex = i;
    const special = SPECIAL.exec(text);
    if (!special) {
      i = text.length;
      break;
    }
    i = special.index;
    const found = construct(text, i, final, i > 0 ? text[i - 1] : before);
    if (found === MORE) break;
    if (found) {
      flush(i);
      tokens.push(...found.tokens);
      i += found.length;
      plain = i;
    } else {
      i = literalEnd(text, i);
    }
  }
  flush(i);
  return { tokens, consumed: i };
}

/** A run of delimiters that means nothing is skipped as a whole, so that its tail is not tried again. */
function literalEnd(text, i) {
  let end = i + 1;
  if ('`*_~'.includes(text[i])) while (text[end] === text[i]) end++;
  return end;
}

function construct(text, i, final, before) {
  switch (text[i]) {
    case '\\':
      return escape(text, i, final);
    case '`':
      return code(text, i, final);
    case '*':
    case '_':
    case '~':
      return emphasis(text, i, final, before);
    case '[':
      return link(text, i, final, i);
    case '!':
      if (i + 1 >= text.length) return final ? null : MORE;
      return text[i + 1] === '[' ? link(text, i, final, i + 1) : null;
    case '<':
      return angle(text, i, final);
    case '&':
      return entity(text, i, final);
    case '\n':
      return { tokens: [{ type: 'br' }], length: 1 };
    default:
      return url(text, i, final, before);
  }
}

function escape(text, i, final) {
  if (i + 1 >= text.length) return final ? null : MORE;
  if (!PUNCTUATION.test(text[i + 1])) return null;
  return { tokens: [{ type: 'text', text: text[i + 1] }], length: 2 };
}

function runLength(text, i) {
  let end = i;
  while (text[end] === text[i]) end++;
  return end - i;
}

function code(text, i, final) {
  const n = runLength(text, i);
  if (i + n === text.length && !final) return MORE;
  const limit = Math.min(text.length, i + n + MAX_SPAN);
  for (let j = i + n; j < limit; j++) {
    if (text[j] !== '`') continue;
    const m = runLength(text, j);
    if (j + m === text.length && !final) return MORE;
    if (m === n) {
      let inner = text.slice(i + n, j).replace(/\n/g, ' ');
      if (inner.length > 2 && inner.startsWith(' ') && inner.endsWith(' ') && inner.trim()) inner = inner.slice(1, -1);
      return { tokens: [{ type: 'code', text: inner }], length: j + m - i };
    }
    j += m - 1;
  }
  return undecided(text, i + n, final);
}

/** Not found: it may still come, unless the text is at its end or the look-ahead is spent. */
function undecided(text, from, final, max = MAX_SPAN) {
  return !final && text.length - from < max ? MORE : null;
}

function emphasis(text, i, final, before) {
  const mark = text[i];
  const n = runLength(text, i);
  const after = text[i + n];
  if (after === undefined) return final ? null : MORE;
  if (/\s/.test(after) || n > 3 || (mark === '~' && n !== 2)) return null;
  if (before && (mark === '_' ? WORD.test(before) : n === 1 && /[A-Za-z0-9]/.test(before))) return null;
  const limit = Math.min(text.length, i + n + MAX_SPAN);
  for (let j = i + n; j < limit; j++) {
    if (text[j] === '\\') {
      j++;
      continue;
    }
    if (text[j] === '`') {
      const span = code(text, j, final);
      if (span === MORE) return MORE;
      j += (span ? span.length : runLength(text, j)) - 1;
      continue;
    }
    if (text[j] !== mark) continue;
    const m = runLength(text, j);
    if (j + m === text.length && !final) return MORE;
    const next = text[j + m];
    const closes = !/\s/.test(text[j - 1]) && (m === n || (m > n && m <= 3)) && !(mark === '_' && next && WORD.test(next));
    if (closes && !(n === 1 && m === 2)) {
      const inner = inline(text.slice(i + n, j + (m - n)), true, mark).tokens;
      return { tokens: [wrap(mark, n, inner)], length: j + m - i };
    }
    j += m - 1;
  }
  return undecided(text, i + n, final);
}

function wrap(mark, n, children) {
  if (mark === '~') return { type: 'del', children };
  if (n === 1) return { type: 'em', children };
  if (n === 2) return { type: 'strong', children };
  return { type: 'strong', children: [{ type: 'em', children }] };
}

/** `[label](address "title")`; an image becomes a link, so that nothing is fetched from elsewhere. */
function link(text, i, final, open) {
  let depth = 0;
  let close = -1;
  const limit = Math.min(text.length, open + MAX_LABEL);
  for (let j = open; j < limit && close < 0; j++) {
    if (text[j] === '\\') j++;
    else if (text[j] === '[') depth++;
    else if (text[j] === ']' && --depth === 0) close = j;
  }
  if (close < 0) return undecided(text, open, final, MAX_LABEL);
  if (close + 1 >= text.length) return final ? null : MORE;
  if (text[close + 1] !== '(') return null;
  depth = 0;
  let end = -1;
  for (let j = close + 1; j < Math.min(text.length, close + MAX_URL) && end < 0; j++) {
    if (text[j] === '\n') return null;
    if (text[j] === '\\') j++;
    else if (text[j] === '(') depth++;
    else if (text[j] === ')' && --depth === 0) end = j;
  }
  if (end < 0) return undecided(text, close, final, MAX_URL);
  const target = text.slice(close + 2, end).trim().replace(/\s+["'(].*$/, '').replace(/^<(.*)>$/, '$1');
  const label = text.slice(open + 1, close);
  return { tokens: [anchor(target, inline(label, true, '[').tokens, label)], length: end + 1 - i };
}

function anchor(target, children, label) {
  const shown = children.length ? unlinked(children) : [{ type: 'text', text: target }];
  if (!LINK_SCHEMES.test(target)) return { type: 'span', children: [{ type: 'text', text: label || target }] };
  return { type: 'a', href: target, children: shown };
}

/** A link's label holds no further link. */
function unlinked(children) {
  return children.map((c) => (c.children ? { ...c, type: c.type === 'a' ? 'span' : c.type, children: unlinked(c.children) } : c));
}

function angle(text, i, final) {
  const rest = text.slice(i, i + MAX_URL);
  const br = /^<br\s{0,4}\/?>/i.exec(rest);
  if (br) return { tokens: [{ type: 'br' }], length: br[0].length };
  const auto = /^<(https?:\/\/[^\s<>]*)>/i.exec(rest);
  if (auto) return { tokens: [{ type: 'a', href: auto[1], children: [{ type: 'text', text: auto[1] }] }], length: auto[0].length };
  const open = /^<(?:b(?:r\s{0,4}\/?)?)?$/i.test(rest) || /^<h[^\s<>]*$/i.test(rest);
  return open && i + rest.length === text.length ? undecided(text, i, final, MAX_URL) : null;
}

function entity(text, i, final) {
  const rest = text.slice(i, i + 12);
  const named = /^&(?:([a-z]{2,6})|#(\d{1,6})|#x([0-9a-f]{1,6}));/i.exec(rest);
  if (!named) return !final && /^&[#a-z0-9]{0,8}$/i.test(rest) ? MORE : null;
  const point = named[2] ? Number(named[2]) : named[3] ? parseInt(named[3], 16) : 0;
  const value = named[1] ? ENTITIES[named[1].toLowerCase()] : point > 31 && point < 0x110000 ? String.fromCodePoint(point) : null;
  return value ? { tokens: [{ type: 'text', text: value }], length: named[0].length } : null;
}

function url(text, i, final, before) {
  if (before && WORD.test(before)) return null;
  const rest = text.slice(i, i + MAX_URL);
  const found = /^https?:\/\/[^\s<]*/.exec(rest);
  if (!found) {
    const partial = 'https://'.startsWith(rest) || 'http://'.startsWith(rest);
    return partial && !final ? MORE : null;
  }
  if (found[0].length === rest.length && !final && rest.length < MAX_URL) return MORE;
  let target = found[0].replace(/[.,;:!?'"*_~`\]]+$/, '');
  while (target.endsWith(')') && target.split(')').length > target.split('(').length) target = target.slice(0, -1);
  target = target.replace(/[.,;:!?'"*_~`]+$/, '');
  if (/^https?:\/\/$/.test(target)) return null;
  return { tokens: [{ type: 'a', href: target, children: [{ type: 'text', text: target }] }], length: target.length };
}
