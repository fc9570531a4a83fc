// The stream of chunks itself, as transports see it that count them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { api, chunks, finished, newId } from './lib/cluster.js';
import { all, events, textOf } from './lib/sse.js';

const post = (i, chat, text, id = newId()) =>
  api(i, '/api/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      id: chat,
      messages: [{ id, role: 'user', parts: [{ type: 'text', text }] }],
      trigger: 'submit-message',
    }),
  });

const runOf = response => response.headers.get('x-continuo-run-id');

describe('the stream of a run', { timeout: 120_000 }, () => {
  it('has the headers that clients look for, and ends with finish and [DONE]', async () => {
    const response = await post(0, newId(), 'many:5');
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    assert.equal(response.headers.get('cache-control'), 'no-cache, no-transform');
    assert.equal(response.headers.get('x-accel-buffering'), 'no');
    assert.equal(response.headers.get('x-vercel-ai-ui-message-stream'), 'v1');
    assert.equal(response.headers.get('x-workflow-run-id'), runOf(response));
    const list = await all(response);
    assert.equal(list[0].type, 'start');
    assert.equal(list.at(-2).type, 'finish');
    assert.equal(list.at(-1), '[DONE]');
    assert.equal(textOf(list), chunks(5));
  });

  it('takes the body as text/plain, too, and by the thread in the path', async () => {
    const thread = newId();
    const response = await api(1, `/api/threads/${thread}/chat`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
      body: JSON.stringify({ message: { role: 'user', parts: [{ type: 'text', text: 'many:2' }] } }),
    });
    assert.equal(response.status, 200);
    assert.equal(textOf(await all(response)), chunks(2));
  });

  it('is one run however often and wherever the message is posted', async () => {
    const [chat, id] = [newId(), newId()];
    const [a, b] = await Promise.all([post(0, chat, 'slow:10x20', id), post(1, chat, 'slow:10x20', id)]);
    assert.equal(runOf(a), runOf(b));
    const [one, two] = await Promise.all([all(a), all(b)]);
    assert.deepEqual(one, two);
    const again = await post(2, chat, 'slow:10x20', id);
    assert.equal(runOf(again), runOf(a));
    assert.deepEqual(await all(again), one);
    assert.equal((await post(2, chat, 'another text', id)).status, 409);
  });

  it('goes on from any chunk, exactly, on any node', async () => {
    const response = await post(0, newId(), 'slow:30x30');
    const run = runOf(response);
    const list = [];
    let early;
    for await (const event of events(response)) {
      list.push(event);
      if (list.length === 6) {
        early = api(1, `/api/chat/${run}/stream?startIndex=3`).then(all);
      }
    }
    assert.deepEqual(await early, list.slice(3));
    for (const start of [0, 1, Math.floor(list.length / 2), list.length - 2]) {
      const rest = await api(2, `/api/chat/${run}/stream?startIndex=${start}`).then(all);
      assert.deepEqual(rest, list.slice(start));
    }
    const tail = await api(1, `/api/chat/${run}/stream?startIndex=-4`);
    assert.equal(tail.headers.get('x-workflow-stream-tail-index'), String(list.length - 2));
    assert.deepEqual(await all(tail), list.slice(-5));
  });

  it('is compacted where it is read again from the start', async () => {
    const response = await post(0, newId(), 'slow:30x10');
    const run = runOf(response);
    await all(response);
    const again = await api(1, `/api/chat/${run}/stream`).then(all);
    assert.equal(again.filter(c => c.type === 'text-delta').length, 1);
    assert.equal(textOf(again), chunks(30));
  });

  it('of a run cancelled in the queue is a start, an abort and a finish', async () => {
    const chat = newId();
    const first = await post(0, chat, 'slow:400x50');
    const second = await post(1, chat, 'many:5');
    const stop = run => api(2, `/api/chat/${chat}/stop`, { method: 'POST', headers: { 'x-continuo-run-id': run } });
    assert.equal((await stop(runOf(second))).status, 202);
    const list = await all(second);
    assert.deepEqual(list.map(c => c.type ?? c), ['start', 'abort', 'finish', '[DONE]']);
    assert.equal((await stop(runOf(first))).status, 202);
    const stopped = await all(first);
    assert.deepEqual(stopped.slice(-3).map(c => c.type ?? c), ['abort', 'finish', '[DONE]']);
    await finished(0, runOf(first));
  });

  it('shows a queued run as unfinished, and one that has just ended as fresh', async () => {
    const chat = newId();
    const first = await post(0, chat, 'slow:10x20');
    await all(first);
    const fresh = await api(1, `/api/chat/${chat}/stream`);
    assert.equal(fresh.status, 200);
    assert.equal(runOf(fresh), runOf(first));
    assert.equal(textOf(await all(fresh)), chunks(10));
  });

  it('flows while it is made', async () => {
    const response = await post(0, newId(), 'slow:40x50');
    let deltas = 0;
    for await (const event of events(response)) {
      deltas += event.type === 'text-delta' ? 1 : 0;
    }
    assert.ok(deltas > 5, `one answer of two seconds came in ${deltas} pieces`);
  });

  it('refuses what it cannot answer', async () => {
    const refuse = async (body, status, code) => {
      const response = await api(0, '/api/chat', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      assert.equal(response.status, status);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      assert.equal((await response.json()).code, code);
    };
    const user = { id: newId(), role: 'user', parts: [{ type: 'text', text: 'many:1' }] };
    await refuse('{', 400, 'malformed_json');
    await refuse({ messages: [user] }, 400, 'missing_field');
    await refuse({ id: 'a.b', messages: [user] }, 400, 'bad_id');
    await refuse({ id: newId(), messages: [user], trigger: 'regenerate-message' }, 404, 'unknown_thread');
    await refuse({ id: newId(), messages: [], trigger: 'regenerate-message' }, 400, 'missing_field');
    await refuse({ id: newId(), messages: [user, { role: 'assistant', parts: [] }] }, 404, 'unknown_thread');
    await refuse({ id: newId(), messages: [{ ...user, parts: [] }] }, 400, 'empty_message');
  });
});
