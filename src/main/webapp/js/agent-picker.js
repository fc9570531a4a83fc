// Which agent answers; offered only where there is more than the default one.
import { api, items } from './api.js';
import { h } from './ui.js';

const LAST = 'continuo.agent';
const DEFAULT = 'default';

export class AgentPicker {
  #select;
  #onPick;

  constructor(select, onPick) {
    this.#select = select;
    this.#onPick = onPick;
    select.addEventListener('change', () => {
      localStorage.setItem(LAST, select.value);
      onPick(this.agent);
    });
  }

  async load() {
    const agents = items(await api.agents().catch(() => [])).map((a) => a.id);
    const chosen = this.#select.value || localStorage.getItem(LAST) || DEFAULT;
    this.#select.replaceChildren(...agents.map((id) => h('option', { value: id }, id === DEFAULT ? 'Default agent' : id)));
    this.show(chosen);
    this.#select.hidden = agents.length < 2;
  }

  /** That of a conversation; where it has none, or it is gone, the one that was used last. */
  show(agent) {
    const known = new Set([...this.#select.options].map((o) => o.value));
    this.#select.value = [agent, localStorage.getItem(LAST), DEFAULT].find((a) => known.has(a)) ?? '';
  }

  /** Null for the default one. */
  get agent() {
    return this.#select.value && this.#select.value !== DEFAULT ? this.#select.value : null;
  }
}
