// The node that works on a run is killed while unmodified clients read it elsewhere.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sdk, textOf, VERSIONS } from './lib/chat.js';
import { answers, api, chunks, finished, headers, json, kill9, mayKill, newId, node, ownerOf, send, until } from './lib/cluster.js';
import { events } from './lib/sse.js';

/** What came, and how it ended: in the end of the body, or in an error. */
async function read(i, path, more = {}) {
  const seen = [];
  try {
    for await (const event of events(await api(i, path, { headers: more }))) {
      seen.push(event);
    }
    return { seen, end: 'clean' };
  } catch (error) {
    return { seen, end: error.message };
  }
}

const DECLARED = { 'x-continuo-chunks': 'reset-step' };

async function watcher(version, i, thread, more = {}) {
  const { PlainChat, DefaultChatTransport } = await sdk(version);
  const errors = [];
  const chat = new PlainChat({
    id: thread,
    transport: new DefaultChatTransport({ api: `${node(i)}/api/chat`, headers: { ...headers, ...more } }),
    onError: error => errors.push(error),
  });
  return Object.assign(chat, { errors, label: version + (more === DECLARED ? ' with reset-step' : '') });
}

const shown = chat => chat.messages.map(textOf).join('');

it('a killed owner costs a client at most a resume', { skip: !mayKill, timeout: 180_000 }, async t => {
  const thread = newId();
  const { runId, answerId } = await send(0, thread, 'slow:120x50');
  const owner = await until('the run has an owner', async () => {
    const { state } = await json(0, `/api/runs/${runId}`);
    return state === 'running' && { index: await ownerOf(0, runId) };
  });
  const survivors = [0, 1, 2].filter(i => i !== owner.index);
  const chats = await Promise.all([
    ...VERSIONS.map((version, i) => watcher(version, survivors[i % 2], thread)),
    watcher('ai7', survivors[1], thread, DECLARED),
  ]);
  const stream = `/api/chat/${runId}/stream`;
  const plain = read(survivors[0], stream);
  const silent = read(survivors[0], stream, { 'x-continuo-chunks': 'tool-approval-request' });
  const counting = read(survivors[1], `${stream}?startIndex=0`);
  const reading = chats.map(chat => chat.resumeStream());
  await Promise.all(chats.map(chat => until('the text begins', () => shown(chat).includes('chunk-20 '))));
  kill9(owner.index);
  await Promise.all(reading);
  const rewritten = chats[0].status === 'error';
  assert.equal((await plain).end, rewritten ? 'terminated' : 'clean');
  assert.equal((await plain).seen.some(c => c.type === 'error'), rewritten);
  assert.equal((await silent).end, rewritten ? 'terminated' : 'clean');
  assert.equal((await silent).seen.some(c => c.type === 'error'), false);
  assert.equal((await counting).end, 'clean');
  assert.deepEqual((await counting).seen.slice(-2).map(c => c.type ?? c), ['finish', '[DONE]']);
  for (const chat of chats) {
    t.diagnostic(`${chat.label}: ${chat.status} ${chat.errors.map(e => e.message)} after ${shown(chat).length} characters`);
    assert.ok(['ready', 'error'].includes(chat.status));
    if (chat.status === 'error') {
      assert.doesNotMatch(chat.label, /reset-step/, 'who can be told of a rewind is not cut');
      await chat.resumeStream();
    }
    assert.equal(chat.status, 'ready', chat.label);
    assert.equal(shown(chat), chunks(120), chat.label);
    assert.deepEqual(chat.messages.map(m => m.id), [answerId], chat.label);
  }
  await finished(survivors[0], runId);
  assert.equal(textOf((await answers(survivors[0], thread))[0]), chunks(120));
});
