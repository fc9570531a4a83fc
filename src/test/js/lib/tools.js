// An MCP server over streamable HTTP that counts its calls, and the agents that use it.
import { createServer } from 'node:http';
import { json, newId } from './cluster.js';

const TOOLS = ['look', 'book'].map(name => ({
  name,
  description: `For tests: ${name}`,
  inputSchema: { type: 'object', properties: { n: { type: 'integer' } } },
  annotations: { readOnlyHint: name === 'look' },
}));

/** `look` only reads, `book` has an effect; both answer `NAME N` to `{"n": N}`, once `gate` lets them. */
export async function toolServer() {
  const calls = [];
  const self = { calls, gate: Promise.resolve() };
  const answers = {
    initialize: () => ({
      protocolVersion: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'tools', version: '1' },
    }),
    'tools/list': () => ({ tools: TOOLS }),
    'tools/call': async ({ name, arguments: { n }, _meta }) => {
      calls.push({ tool: name, n, key: _meta['continuo/idempotencyKey'] });
      await self.gate;
      return { content: [{ type: 'text', text: `${name} ${n}` }] };
    },
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) {
      body += piece;
    }
    const message = request.method === 'POST' ? JSON.parse(body) : {};
    if (request.method !== 'POST') {
      response.writeHead(405).end();
    } else if (!answers[message.method]) {
      response.writeHead(202).end();
    } else {
      const result = await answers[message.method](message.params);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
    }
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  self.url = `http://127.0.0.1:${server.address().port}/mcp`;
  self.close = () => {
    server.closeAllConnections();
    server.close();
  };
  /** Holds all calls from now on, until the function that it returns is called. */
  self.hold = () => {
    let letGo;
    self.gate = new Promise(resolve => { letGo = resolve; });
    return letGo;
  };
  return self;
}

/** An agent with the tools of that server, which asks for what may change something; its name is the server's, too. */
export async function agentOf(server, more = []) {
  const name = `a${newId().slice(0, 8)}`;
  const put = (path, body) => json(0, path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await put(`/api/mcp-servers/${name}`, { transport: 'http', url: server.url });
  await put(`/api/agents/${name}`, { instructions: 'Help.', tools: [name, ...more], approval: 'readonly' });
  return name;
}
