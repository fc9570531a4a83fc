// The conversation on the page. It draws once a frame what has changed, and follows the end only while the reader does.
import { TurnView } from './turn-view.js';
import { copyFrom, frame } from './ui.js';
import { highlight } from './highlight.js';

const NEAR = 72;

export class Transcript {
  #list;
  #scroller;
  #jump;
  #announce;
  #views = new Map();
  #dirty = new Set();
  #planned = false;
  #order = false;
  #follows = true;
  #conversation = null;
  #actions;

  constructor({ list, scroller, jump, announce }, actions) {
    this.#list = list;
    this.#scroller = scroller;
    this.#jump = jump;
    this.#announce = announce;
    this.#actions = actions;
    let last = 0;
    scroller.addEventListener('scroll', () => {
      const top = scroller.scrollTop;
      if (this.#atEnd()) this.#follows = true;
      else if (top < last - 1) this.#follows = false;
      last = top;
      this.#jump.hidden = this.#follows || this.#atEnd();
    }, { passive: true });
    scroller.addEventListener('wheel', (e) => {
      if (e.deltaY < 0 && scroller.scrollHeight > scroller.clientHeight) this.#follows = false;
    }, { passive: true });
    jump.addEventListener('click', () => this.toEnd());
    new ResizeObserver(() => this.#keepUp()).observe(list);
    new ResizeObserver(() => this.#keepUp()).observe(scroller);
    list.addEventListener('click', (e) => {
      const button = e.target.closest?.('.code-copy');
      if (button) copyFrom(button, button.closest('.code').querySelector('code').textContent);
    });
    list.addEventListener('code-closed', (e) => highlight(e.target));
  }

  show(conversation) {
    this.#conversation = conversation;
    this.#views.clear();
    this.#dirty.clear();
    this.#list.replaceChildren();
    this.#follows = true;
    this.#jump.hidden = true;
    this.reorder();
  }

  changed(turn) {
    this.#dirty.add(turn);
    this.#plan();
  }

  reorder() {
    this.#order = true;
    this.#plan();
  }

  toEnd() {
    this.#follows = true;
    this.#jump.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Brings a question or an answer into view, and stays there. */
  toMessage(id) {
    for (const [turn, view] of this.#views) {
      if (turn.answerId !== id && turn.user?.id !== id) continue;
      this.#follows = false;
      view.el.scrollIntoView({ block: 'nearest' });
      view.focusWays(turn.user?.id === id ? 'question' : 'answer');
    }
  }

  /** Draws before the browser's next frame; for what must be on the page now. */
  flush() {
    this.#draw();
  }

  /** What was said, for those who listen instead of looking: once, when it is whole. */
  say(text) {
    this.#announce.textContent = text;
  }

  #plan() {
    if (this.#planned) return;
    this.#planned = true;
    frame(() => this.#draw());
  }

  #draw() {
    this.#planned = false;
    if (!this.#conversation) return;
    if (this.#order) this.#arrange();
    for (const turn of this.#dirty) this.#views.get(turn)?.update();
    this.#dirty.clear();
    this.#keepUp();
  }

  /** Turns that wait are in the queue above the composer, not here. */
  #arrange() {
    this.#order = false;
    const queue = new Set(this.#conversation.queue);
    const wanted = this.#conversation.turns.filter((t) => !t.removed && !queue.has(t));
    const keep = new Set(wanted);
    for (const [turn, view] of this.#views) {
      if (!keep.has(turn)) {
        view.el.remove();
        this.#views.delete(turn);
      }
    }
    let before = null;
    for (const turn of wanted) {
      let view = this.#views.get(turn);
      if (!view) {
        view = new TurnView(turn, this.#actions);
        this.#views.set(turn, view);
      }
      const place = before ? before.nextSibling : this.#list.firstChild;
      if (view.el !== place) this.#list.insertBefore(view.el, place);
      before = view.el;
      this.#dirty.add(turn);
    }
  }

  #atEnd() {
    const s = this.#scroller;
    return s.scrollHeight - s.scrollTop - s.clientHeight < NEAR;
  }

  #keepUp() {
    if (this.#follows) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    else this.#jump.hidden = this.#atEnd();
  }
}
