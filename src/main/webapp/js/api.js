// Calls of the HTTP surface. Errors are problem+json and keep their stable code.
import { session } from './session.js';

export class ApiError extends Error {
  constructor(status, code, detail, retryAfterMs, field) {
    super(detail || `The server answered ${status}.`);
    this.field = field;
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** Worth the same request again, with the same key. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

const listeners = new Set();

/** Told of every answer: `{node, status}`. */
export function onAnswer(listener) {
  listeners.add(listener);
}

export async function call(method, path, body, { signal, as } = {}) {
  const raw = body instanceof Blob;
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      cache: 'no-store',
      credentials: 'omit',
      headers: {
        Authorization: `Bearer ${session.key()}`,
        ...(body === undefined ? {} : { 'Content-Type': raw ? body.type || 'application/octet-stream' : 'application/json' }),
      },
      body: body === undefined || raw ? body : JSON.stringify(body),
    });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ApiError(0, 'unreachable', 'This node does not answer.');
  }
  tell(response);
  if (!response.ok) throw await problem(response);
  if (response.status === 204) return null;
  if (as === 'blob') return response.blob();
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

export function tell(response) {
  const node = response.headers.get('x-continuo-node');
  for (const listener of listeners) listener({ node, status: response.status });
}

export async function problem(response) {
  let detail = '';
  let code = '';
  let field;
  try {
    const body = await response.json();
    detail = body.detail || body.title || '';
    code = body.code || '';
    field = body.field;
  } catch {
    // Not JSON: the status has to do.
  }
  const after = Number(response.headers.get('retry-after'));
  return new ApiError(response.status, code, detail, Number.isFinite(after) && after > 0 ? after * 1000 : undefined, field);
}

export const enc = encodeURIComponent;

/** `?a=1&b=2` of what is not empty. */
export function query(parameters) {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return set.length ? `?${new URLSearchParams(set)}` : '';
}

const partsOf = (text, files) => [...files.map(({ url }) => ({ type: 'file', url })), ...(text ? [{ type: 'text', text }] : [])];

export const api = {
  threads: ({ q, cursor, archived } = {}) => call('GET', `/api/threads${query({ q, cursor, archived: archived || undefined })}`),
  newThread: (agent) => call('POST', '/api/threads', agent ? { agent } : {}),
  thread: (t) => call('GET', `/api/threads/${enc(t)}`),
  changeThread: (t, change) => call('PATCH', `/api/threads/${enc(t)}`, change),
  deleteThread: (t) => call('DELETE', `/api/threads/${enc(t)}`),
  messages: (t, { before, branch } = {}) => call('GET', `/api/threads/${enc(t)}/messages${query({ limit: 40, before, branch })}`),
  runsOf: (t) => call('GET', `/api/threads/${enc(t)}/runs`),
  /** `how` is what stands beside the message: agent, onBusy, parentId, replaces. */
  send: (t, id, text, how = {}, files = []) =>
    call('POST', `/api/threads/${enc(t)}/messages`, { message: { id, role: 'user', parts: partsOf(text, files) }, ...how }),
  rewrite: (t, m, text, files = []) => call('PATCH', `/api/threads/${enc(t)}/messages/${enc(m)}`, { parts: partsOf(text, files) }),
  upload: (file, name) => call('POST', `/api/files?name=${enc(name)}`, file),
  file: (url) => call('GET', url, undefined, { as: 'blob' }),
  regenerate: (t, m, how = {}) => call('POST', `/api/threads/${enc(t)}/messages/${enc(m)}/regenerate`, how),
  run: (r) => call('GET', `/api/runs/${enc(r)}`),
  answer: (r, answer) => call('POST', `/api/runs/${enc(r)}/answer`, answer),
  cancel: (r) => call('POST', `/api/runs/${enc(r)}/cancel`),
  remove: (r) => call('DELETE', `/api/runs/${enc(r)}`),
  log: (r, cursor) => call('GET', `/api/runs/${enc(r)}/log${query({ cursor })}`),
  me: () => call('GET', '/api/me'),
  agents: () => call('GET', '/api/agents'),
  putAgent: (a, body) => call('PUT', `/api/agents/${enc(a)}`, body),
  deleteAgent: (a) => call('DELETE', `/api/agents/${enc(a)}`),
  tiers: () => call('GET', '/api/tiers'),
  putTier: (t, body) => call('PUT', `/api/tiers/${enc(t)}`, body),
  deleteTier: (t) => call('DELETE', `/api/tiers/${enc(t)}`),
  providers: () => call('GET', '/api/providers'),
  newProvider: (body) => call('POST', '/api/providers', body),
  changeProvider: (p, body) => call('PATCH', `/api/providers/${enc(p)}`, body),
  deleteProvider: (p) => call('DELETE', `/api/providers/${enc(p)}`),
  mcpServers: () => call('GET', '/api/mcp-servers'),
  putMcpServer: (m, body) => call('PUT', `/api/mcp-servers/${enc(m)}`, body),
  deleteMcpServer: (m) => call('DELETE', `/api/mcp-servers/${enc(m)}`),
  probe: (m) => call('POST', `/api/mcp-servers/${enc(m)}/probe`),
  keys: () => call('GET', '/api/keys'),
  newKey: (body) => call('POST', '/api/keys', body),
  revokeKey: (k) => call('DELETE', `/api/keys/${enc(k)}`),
  usage: (from, to) => call('GET', `/api/usage${query({ from, to })}`),
  usageOfThreads: (cursor) => call('GET', `/api/usage/threads${query({ limit: 20, cursor })}`),
  audit: (filter) => call('GET', `/api/admin/audit${query(filter)}`),
  nodes: () => call('GET', '/api/admin/nodes'),
  runs: (filter = {}) => call('GET', `/api/admin/runs${query(filter)}`),
  release: (r) => call('POST', `/api/admin/runs/${enc(r)}/release`),
};

export const items = (answer) => (Array.isArray(answer) ? answer : (answer?.items ?? []));
