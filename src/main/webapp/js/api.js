// Calls of the HTTP surface. Errors are problem+json and keep their stable code.
import { session } from './session.js';

export class ApiError extends Error {
  constructor(status, code, detail, retryAfterMs) {
    super(detail || `The server answered ${status}.`);
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

export async function call(method, path, body, { signal } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      cache: 'no-store',
      credentials: 'omit',
      headers: {
        Authorization: `Bearer ${session.key()}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ApiError(0, 'unreachable', 'This node does not answer.');
  }
  tell(response);
  if (!response.ok) throw await problem(response);
  if (response.status === 204) return null;
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
  try {
    const body = await response.json();
    detail = body.detail || body.title || '';
    code = body.code || '';
  } catch {
    // Not JSON: the status has to do.
  }
  const after = Number(response.headers.get('retry-after'));
  return new ApiError(response.status, code, detail, Number.isFinite(after) && after > 0 ? after * 1000 : undefined);
}

const enc = encodeURIComponent;

export const api = {
  threads: ({ q, cursor, archived } = {}) => {
    const query = new URLSearchParams();
    if (q) query.set('q', q);
    if (cursor) query.set('cursor', cursor);
    if (archived) query.set('archived', 'true');
    return call('GET', `/api/threads${query.size ? `?${query}` : ''}`);
  },
  newThread: () => call('POST', '/api/threads', {}),
  thread: (t) => call('GET', `/api/threads/${enc(t)}`),
  changeThread: (t, change) => call('PATCH', `/api/threads/${enc(t)}`, change),
  deleteThread: (t) => call('DELETE', `/api/threads/${enc(t)}`),
  messages: (t, before) => call('GET', `/api/threads/${enc(t)}/messages?limit=40${before ? `&before=${enc(before)}` : ''}`),
  runsOf: (t) => call('GET', `/api/threads/${enc(t)}/runs`),
  send: (t, id, text) =>
    call('POST', `/api/threads/${enc(t)}/messages`, { message: { id, role: 'user', parts: [{ type: 'text', text }] } }),
  run: (r) => call('GET', `/api/runs/${enc(r)}`),
  cancel: (r) => call('POST', `/api/runs/${enc(r)}/cancel`),
  remove: (r) => call('DELETE', `/api/runs/${enc(r)}`),
  nodes: () => call('GET', '/api/admin/nodes'),
  runs: () => call('GET', '/api/admin/runs'),
};

export const items = (answer) => (Array.isArray(answer) ? answer : (answer?.items ?? []));
