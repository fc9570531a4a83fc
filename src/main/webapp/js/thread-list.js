// The list of conversations: searched and paged by the server, its states kept fresh by events.
import { api, items } from './api.js';
import { closeMenu, confirmThat, menuIsAt, openMenu } from './menu.js';
import { h, icon } from './ui.js';

const BUSY = new Set(['queued', 'running', 'retrying']);
const WORDS = { queued: 'waiting', running: 'answering', retrying: 'trying again', requires_action: 'needs a decision', failed: 'failed' };

export class ThreadList {
  threads = [];
  current = null;
  #root;
  #on;
  #query = '';
  #archived = false;
  #next = null;
  #asked = 0;
  #timer = 0;
  #renaming = null;
  #unseen = new Set();

  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.addEventListener('keydown', (e) => this.#key(e));
  }

  search(query) {
    this.#query = query;
    this.soon(180);
  }

  archived(on) {
    this.#archived = on;
    this.load();
  }

  /** Many events may ask for it at once; it is read once. */
  soon(ms = 300) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.load(), ms);
  }

  async load() {
    const asked = ++this.#asked;
    const page = await api.threads({ q: this.#query, archived: this.#archived });
    if (asked !== this.#asked) return;
    this.threads = items(page);
    this.#next = page?.next ?? null;
    this.#draw();
    this.#on.loaded();
  }

  /** After a second click or another search the list goes on elsewhere, and the page belongs nowhere. */
  async #more() {
    const [asked, from] = [this.#asked, this.#next];
    const page = await api.threads({ q: this.#query, archived: this.#archived, cursor: from });
    if (asked !== this.#asked || from !== this.#next) return;
    this.threads = [...this.threads, ...items(page)];
    this.#next = page?.next ?? null;
    this.#draw();
  }

  select(thread) {
    this.current = thread;
    this.#unseen.delete(thread);
    this.#draw();
  }

  title(thread) {
    return this.threads.find((t) => t.id === thread)?.title ?? null;
  }

  /** One thread's state, as an event or the open conversation tells it. */
  told({ thread, state, title }) {
    const known = this.threads.find((t) => t.id === thread);
    if (!known) {
      if (!this.#archived && !this.#query) this.soon();
      return;
    }
    const before = known.state;
    const titled = title && title !== known.title;
    if (titled) known.title = title;
    if (!known.title) this.soon();
    if (!state || (before === state && !titled)) return;
    known.state = state;
    if (state === 'completed' && BUSY.has(before) && thread !== this.current) this.#unseen.add(thread);
    if (BUSY.has(state) && !BUSY.has(before)) {
      known.changedAt = new Date().toISOString();
      this.threads = [known, ...this.threads.filter((t) => t !== known)];
    }
    this.#draw();
  }

  #draw() {
    if (this.#renaming) return;
    const focused = this.#root.contains(document.activeElement) ? document.activeElement.closest('li')?.dataset.thread : null;
    const opened = this.#root.querySelector('.more[aria-expanded=true]')?.closest('li').dataset.thread;
    const groups = new Map();
    for (const thread of this.threads) {
      const name = when(thread.changedAt);
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(thread);
    }
    const out = [];
    for (const [name, members] of groups) {
      out.push(h('h3', {}, name), h('ul', { role: 'list' }, members.map((t) => this.#item(t))));
    }
    if (!this.threads.length) {
      const text = this.#query ? 'Nothing found.' : this.#archived ? 'Nothing is archived.' : 'Your conversations will be here.';
      out.push(h('p', { class: 'none' }, text));
    }
    if (this.#next) out.push(h('button', { type: 'button', class: 'quiet', onclick: () => this.#more() }, 'Show more'));
    this.#root.replaceChildren(...out);
    if (focused) this.#itemOf(focused)?.querySelector('a').focus({ preventScroll: true });
    if (!opened) return;
    const more = this.#itemOf(opened)?.querySelector('.more');
    if (more) menuIsAt(more);
    else closeMenu();
  }

  #itemOf(thread) {
    return this.#root.querySelector(`li[data-thread="${CSS.escape(thread)}"]`);
  }

  #item(thread) {
    const title = thread.title || 'New conversation';
    const state = BUSY.has(thread.state) ? 'busy' : this.#unseen.has(thread.id) ? 'unseen' : thread.state === 'failed' ? 'failed' : '';
    const word = WORDS[thread.state];
    const link = h('a', { href: `#/t/${encodeURIComponent(thread.id)}`, 'aria-current': thread.id === this.current ? 'page' : null, title }, h('span', { class: 'name' }, title), state ? h('i', { class: `state ${state}`, 'aria-hidden': 'true' }) : null, state && word ? h('span', { class: 'sr' }, `, ${word}`) : null);
    const more = h('button', { type: 'button', class: 'icon-button more', 'aria-label': `More for ${title}`, 'aria-haspopup': 'menu', 'aria-expanded': 'false' }, icon('more'));
    more.addEventListener('click', () =>
      openMenu(more, [
        ['Rename', () => this.#rename(thread)],
        [this.#archived ? 'Bring back' : 'Archive', () => this.#archive(thread)],
        ['Delete', () => this.#delete(thread), 'bad'],
      ]),
    );
    return h('li', { dataset: { thread: thread.id } }, link, more);
  }

  /** The list may have been read and drawn again since its menu opened, and while somebody types. */
  #rename(thread) {
    const item = this.#itemOf(thread.id);
    if (!item) return;
    const field = h('input', { class: 'rename', 'aria-label': 'New title', value: thread.title ?? '', maxlength: 200 });
    this.#renaming = thread.id;
    let done = false;
    const finish = async (save) => {
      if (done) return;
      done = true;
      this.#renaming = null;
      const title = field.value.trim();
      if (save && title && title !== thread.title) {
        const known = this.threads.find((t) => t.id === thread.id) ?? thread;
        known.title = title;
        this.#draw();
        this.#on.titled(known);
        await this.#attempt(() => api.changeThread(thread.id, { title }));
      } else this.#draw();
    };
    field.addEventListener('keydown', (e) => {
      e.stopPropagation();
      if (e.key === 'Enter') finish(true);
      else if (e.key === 'Escape') finish(false);
    });
    field.addEventListener('blur', () => finish(true));
    item.replaceChildren(field);
    field.focus();
    field.select();
  }

  async #archive(thread) {
    this.threads = this.threads.filter((t) => t.id !== thread.id);
    this.#draw();
    await this.#attempt(() => api.changeThread(thread.id, { archived: !this.#archived }));
  }

  async #delete(thread) {
    const title = thread.title || 'New conversation';
    if (!(await confirmThat('Delete this conversation?', `“${title}” and its answers are removed for good. A running answer is stopped.`))) return;
    this.threads = this.threads.filter((t) => t.id !== thread.id);
    this.#draw();
    await this.#attempt(() => api.deleteThread(thread.id));
    if (thread.id === this.current) this.#on.gone();
  }

  async #attempt(change) {
    try {
      await change();
    } catch (error) {
      this.#on.failed(error);
      this.soon(0);
    }
  }

  #key(e) {
    if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return;
    const links = [...this.#root.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement);
    if (at < 0) return;
    e.preventDefault();
    links[Math.max(0, Math.min(links.length - 1, at + (e.key === 'ArrowDown' ? 1 : -1)))].focus();
  }
}

function when(iso) {
  const day = new Date(iso ?? Date.now());
  const start = new Date();
  start.setHours(0, 0, 0, 0);
  const days = Math.ceil((start - day) / 86_400_000);
  if (!(days > 0)) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days <= 7) return 'This week';
  return 'Earlier';
}
