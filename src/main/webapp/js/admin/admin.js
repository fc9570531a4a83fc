// The administration: the pages that this key may use, one at a time.
import { h, setAttribute } from '../ui.js';
import { AgentsPage } from './agents.js';
import { AuditPage } from './audit.js';
import { KeysPage } from './keys.js';
import { ProvidersPage } from './providers.js';
import { RunsPage } from './runs.js';
import { ToolsPage } from './tools.js';
import { UsagePage } from './usage.js';

const PAGES = [AgentsPage, ProvidersPage, ToolsPage, KeysPage, UsagePage, AuditPage, RunsPage];

export class Admin {
  #tabs;
  #body;
  #status;
  #context;
  #page = null;
  #known = new Map();
  #asked = 0;
  #showing = null;

  /** `context` has `me`, `thread()`, `title(thread)`, `agentsChanged()`. */
  constructor({ tabs, body, status }, context) {
    this.#tabs = tabs;
    this.#body = body;
    this.#status = status;
    this.#context = { ...context, say: (text) => this.#say(text), attempt: (work) => this.#attempt(work) };
    this.pages = PAGES.filter((p) => p.may(context.me));
    tabs.replaceChildren(...this.pages.map((p) => h('a', { href: `#/admin/${p.id}`, dataset: { page: p.id } }, p.title)));
  }

  /** `path` is what stands behind `#/admin/`. */
  async show(path) {
    const [id, detail] = path.split('/');
    if (!id && this.pages.length) {
      location.replace(`#/admin/${this.pages[0].id}`);
      return;
    }
    const kind = this.pages.find((p) => p.id === id);
    const asked = ++this.#asked;
    this.#page?.hide?.();
    for (const tab of this.#tabs.children) setAttribute(tab, 'aria-current', tab.dataset.page === kind?.id ? 'page' : null);
    this.#tabs.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#say('');
    if (!kind) {
      this.#body.removeAttribute('aria-busy');
      this.#body.replaceChildren(h('p', { class: 'none' }, 'There is no such page, or this key may not use it.'));
      return;
    }
    // A page is kept while the administration is open, with what was chosen in it.
    if (!this.#known.has(kind.id)) this.#known.set(kind.id, new kind(h('div', { class: 'page', dataset: { page: kind.id } }), this.#context));
    this.#page = this.#known.get(kind.id);
    const page = this.#page;
    const before = this.#showing;
    // One after the other: what comes late would draw over what somebody has begun to fill in.
    this.#showing = (async () => {
      await before;
      if (asked === this.#asked) await this.#attempt(() => page.show(detail ? decodeURIComponent(detail) : undefined));
    })();
    this.#body.setAttribute('aria-busy', 'true');
    await this.#showing;
    if (asked !== this.#asked) return;
    this.#body.removeAttribute('aria-busy');
    this.#body.replaceChildren(page.root);
    this.#body.parentElement.scrollTop = 0;
    // What the link led to is what is read next; a tab keeps the focus, so that arrows and Tab go on from there.
    if (document.activeElement === document.body) page.root.querySelector('h1')?.focus({ preventScroll: true });
  }

  hide() {
    this.#asked++;
    this.#page?.hide?.();
    this.#page = null;
    this.#body.replaceChildren();
  }

  async #attempt(work) {
    try {
      await work();
    } catch (error) {
      if (error.status !== 401) this.#say(error.message ?? 'Something went wrong.', 'bad');
    }
  }

  #say(text, tone = '') {
    this.#status.className = `admin-status ${tone}`;
    this.#status.textContent = text;
    this.#status.hidden = text === '';
    // What was saved or deleted is gone, with the focus that was in it.
    if (text && document.activeElement === document.body) this.#body.querySelector('h1')?.focus({ preventScroll: true });
  }
}
