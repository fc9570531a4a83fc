// Where the cluster is: CONTINUO_URLS (with commas) and CONTINUO_API_KEY, else what bin/dev wrote.
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';

function find() {
  if (process.env.CONTINUO_URLS) {
    const nodes = process.env.CONTINUO_URLS.split(',').map(url => ({ url }));
    return { nodes, key: process.env.CONTINUO_API_KEY };
  }
  const file = process.env.CONTINUO_CLUSTER;
  const cluster = JSON.parse(readFileSync(file, 'utf8'));
  return { nodes: cluster.nodes, key: cluster.apiKey };
}

const { nodes, key } = find();

export const headers = { authorization: `Bearer ${key}` };

/** The base URL of the i-th node; with fewer nodes than that, they are used in turn. */
export const node = i => nodes[i % nodes.length].url.replace(/\/$/, '');

/** Tests that kill a node run only where somebody starts it again. */
export const mayKill = process.env.CONTINUO_MAY_KILL === '1' && nodes.length > 2 && nodes.every(n => n.pid);

/** Which node works on a run: its index. */
export async function ownerOf(i, run) {
  const { node: id } = await json(i, `/api/runs/${run}`);
  return nodes.findIndex(n => n.id === id);
}

export const kill9 = i => process.kill(nodes[i].pid, 'SIGKILL');

export const newId = () => randomUUID().replaceAll('-', '').slice(0, 20);

export async function api(i, path, init = {}) {
  return fetch(node(i) + path, { ...init, headers: { ...headers, ...init.headers } });
}

export async function json(i, path, init) {
  const response = await api(i, path, init);
  if (!response.ok) {
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
  return response.json();
}

export function send(i, thread, text, id = newId()) {
  return json(i, `/api/threads/${thread}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: { id, role: 'user', parts: [{ type: 'text', text }] } }),
  });
}

export async function answers(i, thread) {
  const page = await json(i, `/api/threads/${thread}/messages`);
  return page.items.filter(message => message.role === 'assistant');
}

/** Waits for a fact, not for a time. */
export async function until(what, fact, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await fact();
    if (value) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${seconds} s: ${what}`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

export const finished = (i, run) =>
  until(`run ${run} has ended`, async () =>
    ['completed', 'failed', 'cancelled'].includes((await json(i, `/api/runs/${run}`)).state));

/** What the scripted provider says to `slow:NxMS` and `many:N`. */
export const chunks = n => Array.from({ length: n }, (_, i) => `chunk-${i + 1} `).join('');
