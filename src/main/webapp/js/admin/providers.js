// Providers and tiers: who is asked, with whose key, and which model is meant by fast, smart and thinking.
import { api, items } from '../api.js';
import { confirmThat } from '../menu.js';
import { h } from '../ui.js';
import { form } from './forms.js';
import { action, head, row, rows } from './parts.js';

const KINDS = [
  ['openai', 'OpenAI, or compatible'],
  ['anthropic', 'Anthropic'],
  ['gemini', 'Google Gemini'],
  ['mistral', 'Mistral'],
];
const PROBES = {
  ok: ['its models are listed', 'good'],
  configured: ['of the server'],
  key_required: ['a key is required', 'bad'],
  key_refused: ['the key is refused', 'bad'],
  refused: ['it refused', 'bad'],
  unreachable: ['not reachable', 'bad'],
  unreadable: ['no list of models', 'bad'],
};
const TIERS = ['fast', 'smart', 'thinking'];
const THINKING = [
  ['', 'as usual for this tier'],
  ['off', 'off: nothing is asked for'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
];

export class ProvidersPage {
  static id = 'providers';
  static title = 'Providers';
  static may = (me) => me.role === 'admin' && me.scopes.includes('catalog');
  #providers = [];
  #tiers = [];

  constructor(root, context) {
    this.root = root;
    this.context = context;
  }

  async show() {
    const [providers, tiers] = await Promise.all([api.providers(), api.tiers()]);
    this.#providers = items(providers);
    this.#tiers = items(tiers);
    this.#draw();
  }

  get #own() {
    return this.#providers.filter((p) => p.id !== 'default');
  }

  #draw(editor = null) {
    this.root.replaceChildren(
      head('Providers', 'Keys are sealed, and never shown again.', action('New provider', () => this.#edit(null), 'primary')),
      ...(editor?.at === 'providers' ? [editor] : []),
      rows('Providers', this.#providers.map((p) => this.#row(p)), 'There is no provider.'),
      h('h2', { class: 'section' }, 'Tiers'),
      h('p', { class: 'section-text' }, 'A message that names no tier is answered by smart, else fast, else thinking.'),
      ...(editor?.at === 'tiers' ? [editor] : []),
      rows('Tiers', TIERS.map((t) => this.#tier(t)), ''),
    );
    editor?.begin();
  }

  #row(p) {
    const configured = p.id === 'default';
    return row({
      name: configured ? 'The server’s own' : p.name,
      tags: [[p.kind], p.key === 'missing' ? ['key is missing', 'bad'] : p.key === 'set' ? ['key is set'] : ['no key'], PROBES[p.probe] ?? [p.probe]],
      facts: [p.baseUrl ?? p.host],
      text: p.models.length ? p.models.join(', ') : 'No models are known.',
      actions: configured
        ? []
        : [action('Ask again', (e) => this.#again(p, e.currentTarget), 'secondary', `Ask again: ${p.name}`), action('Edit', () => this.#edit(p), 'secondary', `Edit ${p.name}`), action('Delete', () => this.#delete(p), 'secondary', `Delete ${p.name}`)],
    });
  }

  #edit(p) {
    const editor = form({
      title: p ? `Provider ${p.name}` : 'New provider',
      submit: 'Save',
      cancel: () => this.#draw(),
      fields: [
        { name: 'name', label: 'Name', value: p?.name, required: true },
        p ? null : { name: 'kind', label: 'Kind', kind: 'select', options: KINDS },
        { name: 'auth', label: 'Authentication', kind: 'select', value: p?.auth ?? 'key', options: [['key', 'With a key'], ['none', 'None']] },
        { name: 'key', label: 'Key', kind: 'secret', when: (v) => v.auth === 'key', placeholder: p?.key === 'set' ? 'is set; empty keeps it' : '' },
        { name: 'baseUrl', label: 'Address', value: p?.baseUrl, placeholder: 'the usual one', hint: p ? 'Another host or port clears the key.' : null },
        { name: 'models', label: 'Models, one a line', kind: 'lines', placeholder: p ? 'as they are' : 'what the provider lists itself' },
      ].filter(Boolean),
      save: async (values) => {
        const saved = p ? await api.changeProvider(p.id, values) : await api.newProvider(values);
        await this.show();
        this.context.say(`${saved.name} is saved: ${(PROBES[saved.probe] ?? [saved.probe])[0]}.`);
      },
    });
    editor.at = 'providers';
    this.#draw(editor);
  }

  async #again(p, button) {
    button.disabled = true;
    await this.context.attempt(async () => {
      const saved = await api.changeProvider(p.id, { name: p.name });
      await this.show();
      this.context.say(`${saved.name}: ${(PROBES[saved.probe] ?? [saved.probe])[0]}.`);
    });
    button.disabled = false;
  }

  async #delete(p) {
    if (!(await confirmThat('Delete this provider?', `“${p.name}” and its key are removed for good.`))) return;
    await this.context.attempt(async () => {
      await api.deleteProvider(p.id);
      await this.show();
      this.context.say(`${p.name} is deleted.`);
    });
  }

  #name(id) {
    return this.#providers.find((p) => p.id === id)?.name ?? 'unknown';
  }

  #tier(id) {
    const t = this.#tiers.find((one) => one.id === id);
    return row({
      name: id,
      dim: !t,
      facts: t ? [`${t.model} at ${this.#name(t.provider)}`, t.fallback ? `else ${t.fallback.model} at ${this.#name(t.fallback.provider)}` : null, t.thinking && t.thinking !== 'off' ? `asked to think: ${t.thinking}` : null] : ['not set'],
      actions: [
        this.#own.length ? action(t ? 'Change' : 'Set', () => this.#setTier(id, t), 'secondary', `${t ? 'Change' : 'Set'} ${id}`) : null,
        t ? action('Remove', () => this.#removeTier(id), 'secondary', `Remove ${id}`) : null,
      ],
    });
  }

  #setTier(id, t) {
    const providers = this.#own.map((p) => [p.id, p.name]);
    const models = h('datalist', { id: 'models' }, [...new Set(this.#own.flatMap((p) => p.models))].map((m) => h('option', { value: m })));
    const editor = form({
      title: `Tier ${id}`,
      submit: 'Save',
      cancel: () => this.#draw(),
      fields: [
        { name: 'provider', label: 'Provider', kind: 'select', value: t?.provider ?? providers[0][0], options: providers },
        { name: 'model', label: 'Model', value: t?.model, required: true, list: 'models' },
        { name: 'otherProvider', as: 'fallback.provider', label: 'If it fails, ask', kind: 'select', value: t?.fallback?.provider ?? '', options: [['', 'nobody'], ...providers] },
        { name: 'otherModel', as: 'fallback.model', label: 'its model', value: t?.fallback?.model, list: 'models', required: true, when: (v) => v.otherProvider },
        { name: 'thinking', label: 'How hard they are asked to think', kind: 'select', value: t?.thinking ?? '', options: THINKING, hint: 'Mistral’s models cannot be asked.' },
      ],
      save: async ({ otherProvider, otherModel, ...rest }) => {
        await api.putTier(id, { ...rest, ...(otherProvider ? { fallback: { provider: otherProvider, model: otherModel } } : {}) });
        await this.show();
        this.context.say(`Tier ${id} is saved.`);
      },
    });
    editor.append(models);
    editor.at = 'tiers';
    this.#draw(editor);
  }

  async #removeTier(id) {
    if (!(await confirmThat('Remove this tier?', `Messages and agents that ask for “${id}” are refused from then on.`, 'Remove'))) return;
    await this.context.attempt(async () => {
      await api.deleteTier(id);
      await this.show();
      this.context.say(`Tier ${id} is removed.`);
    });
  }
}
