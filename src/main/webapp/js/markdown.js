// Markdown that only appends: each character goes to the page once its meaning can no longer change, and nothing that
// stands there is touched again. Elements are made by name and text by text nodes, so no input becomes markup.
import { inline } from './inline.js';

const TASK = /^\[([ xX])\] +(.*)$/;
const PREFIX = /^(?:>\s?|[-+*]\s+|\d{1,9}[.)]\s+)/;

export class MarkdownWriter {
  #doc;
  #containers;
  #leaf = null;
  #buffer = '';
  #atLineStart = true;
  #blank = true;

  /** @param {Element} root receives the blocks */
  constructor(root) {
    this.#doc = root.ownerDocument;
    this.#containers = [{ type: 'root', el: root }];
  }

  write(text) {
    this.#buffer += text;
    this.#drain(false);
  }

  /** The text is complete: what was held back is written. */
  end() {
    this.#drain(true);
    this.#closeLeaf();
  }

  #drain(final) {
    for (;;) {
      if (this.#buffer === '') return;
      const newline = this.#buffer.indexOf('\n');
      const complete = newline >= 0 || final;
      const line = newline >= 0 ? this.#buffer.slice(0, newline) : this.#buffer;
      if (this.#atLineStart) {
        const rest = this.#startLine(this.#spaced(line.replace(/\r$/, '')), complete);
        if (rest === null) return;
        this.#leaf?.write(rest);
      } else {
        this.#leaf?.write(complete ? line.replace(/\r$/, '') : line);
      }
      this.#atLineStart = newline >= 0;
      this.#buffer = newline >= 0 ? this.#buffer.slice(newline + 1) : '';
      if (newline >= 0) this.#leaf?.endLine();
    }
  }

  /** Indents are counted in spaces; tabs inside code stay. */
  #spaced(line) {
    if (this.#leaf?.type === 'fence' && this.#containers.length === 1) return line;
    return line.replace(/^[ \t]+/, (white) => white.replaceAll('\t', '    '));
  }

  /** Opens and closes blocks for this line; answers what belongs to the leaf, or null where more must be known. */
  #startLine(line, complete) {
    let rest = line;
    let depth = 1;
    for (; depth < this.#containers.length; depth++) {
      const next = strip(this.#containers[depth], rest);
      if (next === null) break;
      rest = next;
    }
    const inside = depth === this.#containers.length;
    if (this.#leaf?.type === 'fence' && (inside || /^\s*$/.test(rest))) {
      const closing = /^\s{0,3}(`+|~+)\s*$/.exec(rest);
      if (!complete && /^\s{0,3}[`~]*\s*$/.test(rest) && rest.length < 40) return null;
      if (closing && closing[1].startsWith(this.#leaf.mark)) {
        this.#closeLeaf();
        return '';
      }
      if (!inside && !complete) return null;
      return this.#leaf.content(rest);
    }
    if (/^\s*$/.test(rest)) {
      if (!complete) return null;
      this.#closeLeaf();
      this.#blank = true;
      return '';
    }
    if (!complete && undecided(rest)) return null;
    this.#blank = false;
    return this.#block(rest, depth, inside);
  }

  /** What it needs of the line is there: `undecided` has seen to that. */
  #block(line, depth, inside) {
    const text = line.trimStart();
    const indent = line.length - text.length;
    const item = listItem(line);
    if (this.#leaf?.type === 'maybe-table') {
      if (inside && this.#leaf.opens(text)) return '';
      this.#leaf = this.#leaf.asText();
      if (inside && text.startsWith('|')) {
        this.#leaf.continueLine();
        return text;
      }
    }
    if (inside && this.#leaf?.type === 'table' && text.startsWith('|')) return text;
    if (/^([-*_])(?:\s*\1){2,}\s*$/.test(text)) {
      this.#closeTo(depth);
      this.#append('hr');
      return '';
    }
    const heading = /^(#{1,6})\s+(.*)$/.exec(text);
    if (heading) {
      this.#closeTo(depth);
      const level = Math.min(6, heading[1].length + 1);
      this.#leaf = new InlineLeaf(this.#append(`h${level}`), 'heading');
      return heading[2];
    }
    const fence = /^(`{3,}|~{3,})([^`]*)$/.exec(text);
    if (fence) {
      this.#closeTo(depth);
      this.#leaf = new FenceLeaf(this.#append('div'), fence[1], fence[2].trim(), indent);
      return '';
    }
    if (text.startsWith('>')) {
      this.#closeTo(depth);
      this.#containers.push({ type: 'quote', el: this.#append('blockquote') });
      return this.#nested(text.replace(/^> ?/, ''));
    }
    if (item && !(this.#leaf?.type === 'paragraph' && item.ordered && item.number !== 1 && !this.#isInList(item))) {
      this.#openItem(item, depth);
      return this.#task(item.rest) ?? this.#nested(item.rest);
    }
    if (text.startsWith('|')) {
      this.#closeTo(depth);
      this.#leaf = new TableLeaf(this.#parent(), text);
      return '';
    }
    if (this.#leaf?.type === 'table') this.#closeLeaf();
    if (this.#leaf?.type === 'paragraph' && !this.#blank) {
      this.#leaf.continueLine();
      return text;
    }
    this.#closeTo(depth);
    this.#leaf = new InlineLeaf(this.#append('p'), 'paragraph');
    return text;
  }

  /** What stands behind a quote or list marker is again the start of a block. */
  #nested(rest) {
    if (/^\s*$/.test(rest)) {
      this.#blank = true;
      return '';
    }
    return this.#block(rest, this.#containers.length, true);
  }

  #task(rest) {
    const task = TASK.exec(rest);
    if (!task) return null;
    const el = this.#top().el;
    el.className = task[1] === ' ' ? 'task' : 'task done';
    const state = this.#doc.createElement('span');
    state.className = 'task-box';
    state.setAttribute('role', 'img');
    state.setAttribute('aria-label', task[1] === ' ' ? 'open' : 'done');
    el.append(state);
    this.#leaf = new InlineLeaf(this.#append('p'), 'paragraph');
    return task[2];
  }

  #isInList(item) {
    return this.#containers.some((c) => c.type === 'list' && c.ordered === item.ordered);
  }

  #openItem(item, depth) {
    let at = depth;
    // A marker may be indented less than its parent's text, as models often write it, and still be nested.
    while (at < this.#containers.length) {
      const c = this.#containers[at];
      if (c.type === 'list') at++;
      else if (c.type === 'item' && item.indent >= c.markerIndent + 2) at++;
      else break;
    }
    this.#closeTo(at);
    const top = this.#top();
    if (top.type === 'list' && top.ordered !== item.ordered) this.#containers.pop();
    if (this.#top().type !== 'list') {
      const el = this.#append(item.ordered ? 'ol' : 'ul');
      if (item.ordered && item.number !== 1) el.setAttribute('start', String(item.number));
      this.#containers.push({ type: 'list', el, ordered: item.ordered });
    }
    const el = this.#append('li');
    this.#containers.push({ type: 'item', el, markerIndent: item.indent, contentIndent: item.contentIndent });
  }

  #top() {
    return this.#containers[this.#containers.length - 1];
  }

  #append(name) {
    const el = this.#doc.createElement(name);
    (name === 'li' ? this.#top().el : this.#parent()).append(el);
    return el;
  }

  /** Only items stand in a list: anything else ends it. */
  #parent() {
    while (this.#top().type === 'list') this.#containers.pop();
    return this.#top().el;
  }

  #closeLeaf() {
    this.#leaf?.close();
    this.#leaf = null;
  }

  #closeTo(depth) {
    this.#closeLeaf();
    this.#containers.length = depth;
  }
}

/** Takes a container's prefix off a line; null where the line does not belong to it. */
function strip(container, line) {
  switch (container.type) {
    case 'quote': {
      const m = /^ {0,3}> ?/.exec(line);
      return m ? line.slice(m[0].length) : null;
    }
    case 'item': {
      if (/^\s*$/.test(line)) return line;
      const indent = line.length - line.trimStart().length;
      return indent >= container.contentIndent ? line.slice(container.contentIndent) : null;
    }
    default:
      return line;
  }
}

/** True where the line so far may still become one of several kinds of block. */
function undecided(line) {
  const text = line.trimStart();
  return (
    /^(?:#{1,6}\s*|(?:\d{1,9}[.)]?|[-+*>])\s*|`{1,2}|~{1,2})$/.test(text) ||
    /^([-*_])(?:\s*\1)*\s*$/.test(text) ||
    /^(?:`{3,}[^`]*|~{3,}.*|\|.*)$/.test(text) ||
    (PREFIX.test(text) && undecidedInside(text.replace(PREFIX, '')))
  );
}

function undecidedInside(text) {
  return /^\s*$/.test(text) || /^\[(?:[ xX](?:\]\s*)?)?$/.test(text) || undecided(text);
}

function listItem(line) {
  const m = /^(\s*)([-+*]|(\d{1,9})[.)])(\s+|$)(.*)$/.exec(line);
  if (!m) return null;
  const space = m[4].length > 4 || m[4].length === 0 ? 1 : m[4].length;
  return {
    indent: m[1].length,
    ordered: m[3] !== undefined,
    number: Number(m[3] ?? 0),
    contentIndent: m[1].length + m[2].length + space,
    rest: m[5],
  };
}

/** A paragraph or heading: text flows in as soon as its inline meaning is settled. */
class InlineLeaf {
  #el;
  #held = '';
  #last = '';

  constructor(el, type) {
    this.#el = el;
    this.type = type;
  }

  write(text) {
    this.#held += text;
    const tail = (this.type === 'heading' ? /[ #]+$/ : / +$/).exec(this.#held)?.[0] ?? '';
    this.#flush(this.#held.slice(0, this.#held.length - tail.length), tail, false);
  }

  endLine() {
    this.#held = this.#held.trimEnd();
  }

  continueLine() {
    this.#held += '\n';
  }

  close() {
    const text = this.#held.trimEnd();
    this.#flush(this.type === 'heading' ? text.replace(/(^|\s)#+$/, '') : text, '', true);
  }

  #flush(text, tail, final) {
    const { tokens, consumed } = inline(text, final, this.#last);
    if (consumed > 0) this.#last = text[consumed - 1];
    this.#held = text.slice(consumed) + tail;
    for (const token of tokens) appendInline(this.#el, token);
  }
}

/** Appends one token; neighbouring text continues the last text node, so that a selection in it stays. */
function appendInline(parent, token) {
  const doc = parent.ownerDocument;
  if (token.type === 'text') {
    const last = parent.lastChild;
    if (last?.nodeType === 3) last.appendData(token.text);
    else parent.append(doc.createTextNode(token.text));
    return;
  }
  const el = doc.createElement(token.type);
  if (token.type === 'a') {
    el.setAttribute('href', token.href);
    el.setAttribute('target', '_blank');
    el.setAttribute('rel', 'noopener noreferrer nofollow');
  }
  if (token.text !== undefined) el.append(doc.createTextNode(token.text));
  for (const child of token.children ?? []) appendInline(el, child);
  parent.append(el);
}

class FenceLeaf {
  type = 'fence';
  #text;
  #box;
  #indent;
  #first = true;

  constructor(box, mark, info, indent) {
    const doc = box.ownerDocument;
    const language = /^[\w+#.-]{1,24}/.exec(info)?.[0] ?? '';
    this.mark = mark;
    this.#indent = indent;
    this.#box = box;
    box.className = 'code';
    box.dataset.language = language;
    const bar = doc.createElement('div');
    bar.className = 'code-bar';
    const name = doc.createElement('span');
    name.className = 'code-language';
    name.append(doc.createTextNode(language || 'text'));
    const copy = doc.createElement('button');
    copy.type = 'button';
    copy.className = 'code-copy';
    copy.setAttribute('aria-label', 'Copy this code');
    copy.append(doc.createTextNode('Copy'));
    bar.append(name, copy);
    const pre = doc.createElement('pre');
    pre.tabIndex = 0;
    pre.setAttribute('role', 'group');
    pre.setAttribute('aria-label', language ? `Code, ${language}` : 'Code');
    const code = doc.createElement('code');
    this.#text = doc.createTextNode('');
    code.append(this.#text);
    pre.append(code);
    box.append(bar, pre);
  }

  /** A line's beginning, without the indent of the fence itself. */
  content(line) {
    let cut = 0;
    while (cut < this.#indent && line[cut] === ' ') cut++;
    const first = this.#first;
    this.#first = false;
    return (first ? '' : '\n') + line.slice(cut);
  }

  write(text) {
    if (text) this.#text.appendData(text);
  }

  endLine() {}

  close() {
    this.#box.classList.add('closed');
    this.#box.dispatchEvent(new CustomEvent('code-closed', { bubbles: true }));
  }
}

/** A table needs its second line to be known as one; after that each line is a row. */
class TableLeaf {
  type = 'maybe-table';
  #parent;
  #header;
  #line = '';
  #body = null;
  #align = [];

  constructor(parent, header) {
    this.#parent = parent;
    this.#header = header;
  }

  opens(line) {
    if (!line.startsWith('|') || !isDelimiter(line) || cells(line).length !== cells(this.#header).length) return false;
    const doc = this.#parent.ownerDocument;
    const box = doc.createElement('div');
    box.className = 'table';
    box.tabIndex = 0;
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', 'Table');
    const table = doc.createElement('table');
    const head = doc.createElement('thead');
    this.#body = doc.createElement('tbody');
    this.#align = cells(line).map((c) => (/^:-+:$/.test(c) ? 'center' : /^-+:$/.test(c) ? 'right' : ''));
    table.append(head, this.#body);
    box.append(table);
    this.#parent.append(box);
    this.#row(head, 'th', this.#header);
    this.type = 'table';
    return true;
  }

  /** It was a paragraph after all. */
  asText() {
    const el = this.#parent.ownerDocument.createElement('p');
    this.#parent.append(el);
    const text = new InlineLeaf(el, 'paragraph');
    text.write(this.#header);
    return text;
  }

  write(text) {
    this.#line += text;
  }

  endLine() {
    if (this.#line !== '') this.#row(this.#body, 'td', this.#line);
    this.#line = '';
  }

  close() {
    if (this.type === 'maybe-table') this.asText().close();
    else this.endLine();
  }

  #row(section, name, line) {
    const doc = this.#parent.ownerDocument;
    const tr = doc.createElement('tr');
    const values = cells(line);
    this.#align.forEach((align, i) => {
      const cell = doc.createElement(name);
      if (align) cell.className = `align-${align}`;
      for (const token of inline(values[i] ?? '', true).tokens) appendInline(cell, token);
      tr.append(cell);
    });
    section.append(tr);
  }
}

function isDelimiter(line) {
  return cells(line).length > 0 && cells(line).every((c) => /^:?-+:?$/.test(c));
}

function cells(line) {
  const out = [''];
  let ticked = false;
  const text = line.trim().replace(/^\|/, '').replace(/([^\\])\|$/, '$1');
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && text[i + 1] === '|') out[out.length - 1] += text[++i];
    else if (text[i] === '|' && !ticked) out.push('');
    else {
      if (text[i] === '`') ticked = !ticked;
      out[out.length - 1] += text[i];
    }
  }
  return out.map((c) => c.trim());
}
