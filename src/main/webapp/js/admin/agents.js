// Agents: instructions, a tier, and what they may use.
import { api, items } from '../api.js';
import { confirmThat } from '../menu.js';
import { form } from './forms.js';
import { action, head, row, rows } from './parts.js';

const APPROVAL = [
  ['ask', 'Ask before each call'],
  ['readonly', 'Ask unless the tool only reads'],
  ['auto', 'Never ask'],
];

/** No server's: by this one an agent asks a person. */
const ASK_USER = 'ask_user';

export class AgentsPage {
  static id = 'agents';
  static title = 'Agents';
  static may = (me) => me.role === 'admin' && me.scopes.includes('catalog');
  #agents = [];

  constructor(root, context) {
    this.root = root;
    this.context = context;
  }

  async show() {
    const [agents, tiers, servers] = await Promise.all([api.agents(), api.tiers(), api.mcpServers()]);
    this.#agents = items(agents);
    this.tiers = items(tiers).map((t) => t.id).filter((id) => id !== 'default');
    this.servers = items(servers).map((s) => s.name);
    this.#draw();
  }

  #draw(editor = null) {
    this.root.replaceChildren(
      head('Agents', 'Who answers, how, and with which tools. Changes count from an agent’s next run on.', action('New agent', () => this.#edit(null), 'primary')),
      ...(editor ? [editor] : []),
      rows('Agents', this.#agents.map((a) => this.#row(a)), 'There is no agent.'),
    );
    editor?.begin();
  }

  #row(a) {
    return row({
      name: a.id,
      tags: [a.tier ? [a.tier] : null, (a.tools ?? []).length ? [APPROVAL.find(([id]) => id === a.approval)?.[1] ?? a.approval, a.approval === 'auto' ? 'warn' : ''] : null],
      facts: [
        (a.tools ?? []).length ? `tools: ${a.tools.join(', ')}` : 'no tools',
        a.temperature === undefined ? null : `temperature ${a.temperature}`,
        a.historyMessages ? `${a.historyMessages} messages of history` : null,
        `at most ${a.stepLimit} steps`,
      ],
      text: a.instructions,
      actions: [action('Edit', () => this.#edit(a), 'secondary', `Edit ${a.id}`), a.id === 'default' && !a.instructions ? null : action('Delete', () => this.#delete(a), 'secondary', `Delete ${a.id}`)],
    });
  }

  #edit(a) {
    const known = a ?? { approval: 'ask', tools: [] };
    this.#draw(
      form({
        title: a ? `Agent ${a.id}` : 'New agent',
        submit: 'Save',
        cancel: () => this.#draw(),
        fields: [
          { name: 'id', label: 'Name', value: known.id, required: true, fixed: Boolean(a), hint: 'Letters, digits, - and _' },
          { name: 'tier', label: 'Tier', kind: 'select', value: known.tier ?? '', options: [['', 'The usual one'], ...this.tiers.map((t) => [t, t])] },
          { name: 'instructions', label: 'Instructions', kind: 'area', value: known.instructions },
          { name: 'tools', label: 'Tools', kind: 'checks', value: known.tools, options: [...new Set([...this.servers, ...known.tools])].filter((t) => t !== ASK_USER).map((t) => [t, t]).concat([[ASK_USER, 'ask_user: it may ask its user']]) },
          { name: 'approval', label: 'Who agrees to calls', kind: 'select', value: known.approval, options: APPROVAL },
          { name: 'stepLimit', label: 'Steps of a run', kind: 'number', value: known.stepLimit, min: 1, max: 100, placeholder: '30' },
          { name: 'temperature', label: 'Temperature', kind: 'number', value: known.temperature, min: 0, max: 2, step: 0.1, placeholder: 'the model’s' },
          { name: 'historyMessages', label: 'Messages of history', kind: 'number', value: known.historyMessages, min: 1, placeholder: 'all' },
        ],
        save: async ({ id, instructions, ...rest }) => {
          await api.putAgent(id, { instructions: instructions ?? '', ...rest });
          await this.#saved(`Agent ${id} is saved.`);
        },
      }),
    );
  }

  async #delete(a) {
    if (!(await confirmThat('Delete this agent?', `Messages that name “${a.id}” are refused from then on.`))) return;
    await this.context.attempt(async () => {
      await api.deleteAgent(a.id);
      await this.#saved(`Agent ${a.id} is deleted.`);
    });
  }

  async #saved(text) {
    this.context.agentsChanged();
    await this.show();
    this.context.say(text);
  }
}
