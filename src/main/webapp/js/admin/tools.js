// MCP servers: where tools come from, and which ones a server lists when it is asked.
import { api, items } from '../api.js';
import { confirmThat } from '../menu.js';
import { h } from '../ui.js';
import { form } from './forms.js';
import { action, head, row, rows } from './parts.js';

export class ToolsPage {
  static id = 'tools';
  static title = 'Tools';
  static may = (me) => me.role === 'admin' && me.scopes.includes('catalog');
  #servers = [];
  #probes = new Map();

  constructor(root, context) {
    this.root = root;
    this.context = context;
  }

  async show() {
    this.#servers = items(await api.mcpServers());
    this.#draw();
  }

  #draw(editor = null) {
    this.root.replaceChildren(
      head('Tools', 'MCP servers that agents may use. A bearer is written, never read.', action('New server', () => this.#edit(null), 'primary')),
      ...(editor ? [editor] : []),
      rows('MCP servers', this.#servers.map((s) => this.#row(s)), 'No MCP server is known yet. Add one, then give it to an agent.'),
    );
    editor?.begin();
  }

  #row(s) {
    const probe = this.#probes.get(s.name);
    return row(
      {
        name: s.name,
        tags: [[s.transport], s.bearer === 'missing' ? ['bearer is missing', 'bad'] : s.bearer === 'set' ? ['bearer is set'] : null, probe ? (probe.outcome === 'ok' ? [`${probe.tools.length} tools found`, 'good'] : [probe.outcome, 'bad']) : null],
        facts: [s.url ?? [s.command, ...(s.args ?? [])].join(' '), `${s.timeoutSeconds} s a call`, s.allowedTools ? `only ${s.allowedTools.join(', ')}` : null, s.outputBytes ? `${s.outputBytes} bytes of output` : null],
        text: probe?.detail,
        actions: [
          action('Probe', (e) => this.#probe(s, e.currentTarget), 'secondary', `Probe ${s.name}`),
          action('Edit', () => this.#edit(s), 'secondary', `Edit ${s.name}`),
          action('Delete', () => this.#delete(s), 'secondary', `Delete ${s.name}`),
        ],
      },
      probe?.tools.length ? h('ul', { class: 'found', role: 'list', 'aria-label': `Tools of ${s.name}` }, probe.tools.map((t) => tool(t))) : null,
    );
  }

  async #probe(s, button) {
    button.disabled = true;
    await this.context.attempt(async () => {
      const probe = await api.probe(s.name);
      this.#probes.set(s.name, probe);
      this.#draw();
      this.context.say(probe.outcome === 'ok' ? `${s.name} lists ${probe.tools.length} tools.` : `${s.name} could not be asked.`);
    });
    button.disabled = false;
  }

  #edit(s) {
    const known = s ?? { transport: 'http' };
    const http = (v) => v.transport === 'http';
    const stdio = (v) => v.transport === 'stdio';
    this.#draw(
      form({
        title: s ? `MCP server ${s.name}` : 'New MCP server',
        submit: 'Save',
        cancel: () => this.#draw(),
        fields: [
          { name: 'name', label: 'Name', value: known.name, required: true, fixed: Boolean(s) },
          { name: 'transport', label: 'Transport', kind: 'select', value: known.transport, options: [['http', 'HTTP (streamable)'], ['stdio', 'A process on the node']] },
          { name: 'url', label: 'Address', value: known.url, when: http, placeholder: 'https://tools.example.com/mcp', hint: 'Another host or port clears the bearer.' },
          { name: 'auth', label: 'Authentication', kind: 'select', value: ['set', 'missing'].includes(known.bearer) ? 'bearer' : 'none', options: [['none', 'None'], ['bearer', 'A bearer']], when: http },
          { name: 'bearer', label: 'Bearer', kind: 'secret', when: (v) => http(v) && v.auth === 'bearer', placeholder: known.bearer === 'set' ? 'is set; empty keeps it' : 'none' },
          { name: 'command', label: 'Command', value: known.command, when: stdio, hint: 'A name that the operator allows' },
          { name: 'args', label: 'Arguments, one a line', kind: 'lines', value: known.args, when: stdio },
          { name: 'allowedTools', label: 'Only these tools, one a line', kind: 'lines', value: known.allowedTools, placeholder: 'all of them' },
          { name: 'timeoutSeconds', label: 'Seconds of a call', kind: 'number', value: known.timeoutSeconds, min: 1, max: 600, placeholder: '60' },
          { name: 'outputBytes', label: 'Bytes of an output', kind: 'number', value: known.outputBytes, min: 4096, placeholder: 'as the server has it' },
        ],
        save: async ({ name, ...rest }) => {
          await api.putMcpServer(name, rest);
          this.#probes.delete(name);
          await this.show();
          this.context.say(`${name} is saved.`);
        },
      }),
    );
  }

  async #delete(s) {
    if (!(await confirmThat('Delete this server?', `Runs of agents that use “${s.name}” fail from then on.`))) return;
    await this.context.attempt(async () => {
      await api.deleteMcpServer(s.name);
      await this.show();
      this.context.say(`${s.name} is deleted.`);
    });
  }
}

function tool(t) {
  return h(
    'li',
    {},
    h(
      'details',
      {},
      h('summary', {}, h('code', {}, t.name), t.readOnly ? h('span', { class: 'pill' }, 'only reads') : null, t.idempotent ? h('span', { class: 'pill' }, 'idempotent') : null, h('span', { class: 'found-text' }, t.description)),
      h('pre', {}, JSON.stringify(t.inputSchema, null, 2)),
    ),
  );
}
