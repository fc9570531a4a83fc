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

/** The nodes that live: an earlier test may have killed one. */
async function ready() {
  const answers = await Promise.all([0, 1, 2].map(i =>
    fetch(`${node(i)}/health/ready`).then(response => response.ok, () => false)));
  return [0, 1, 2].filter(i => answers[i]);
}

/** Kills the owner of a run under the eyes of every kind of client; what each has seen. */
async function kill(script) {
  const thread = newId();
  const alive = await ready();
  const { runId, answerId } = await send(alive[0], thread, script);
  const owner = await until('the run has an owner', async () => {
    const { state } = await json(alive[0], `/api/runs/${runId}`);
    return state === 'running' && { index: await ownerOf(alive[0], runId) };
  });
  const survivors = alive.filter(i => i !== owner.index);
  const chats = await Promise.all([
    ...VERSIONS.map((version, i) => watcher(version, survivors[i % survivors.length], thread)),
    watcher('ai7', survivors.at(-1), thread, DECLARED),
  ]);
  const stream = `/api/chat/${runId}/stream`;
  const plain = read(survivors[0], stream);
  const silent = read(survivors[0], stream, { 'x-continuo-chunks': 'tool-approval-request' });
  const counting = read(survivors.at(-1), `${stream}?startIndex=0`);
  const reading = chats.map(chat => chat.resumeStream());
  await Promise.all(chats.map(chat => until('the text begins', () => shown(chat).includes('chunk-20 '))));
  kill9(owner.index);
  await Promise.all(reading);
  const seen = { plain: await plain, silent: await silent, counting: await counting };
  await finished(survivors[0], runId);
  return { chats, answerId, ...seen, stored: textOf((await answers(survivors[0], thread))[0]) };
}

const types = reader => reader.seen.map(c => c.type ?? c);

it('a killed owner is nothing but a pause where the model says the same', { skip: !mayKill, timeout: 180_000 }, async () => {
  const { chats, answerId, plain, silent, counting, stored } = await kill('slow:120x50');
  assert.equal(stored, chunks(120));
  for (const reader of [plain, silent, counting]) {
    assert.equal(reader.end, 'clean');
    assert.equal(types(reader).includes('error'), false);
    assert.deepEqual(types(reader).slice(-2), ['finish', '[DONE]']);
  }
  for (const chat of chats) {
    assert.equal(chat.status, 'ready', chat.label);
    assert.deepEqual(chat.errors, [], chat.label);
    assert.equal(shown(chat), chunks(120), chat.label);
    assert.deepEqual(chat.messages.map(m => m.id), [answerId], chat.label);
  }
});

it('a killed owner costs a client at most a resume where the model says something else', { skip: !mayKill, timeout: 180_000 }, async t => {
  const { chats, answerId, plain, silent, counting, stored } = await kill('slow:120x50 diverge:11');
  assert.ok(stored.startsWith(`${chunks(10)}other-11 `));
  assert.equal(plain.end, 'terminated');
  assert.equal(types(plain).includes('error'), true);
  assert.equal(silent.end, 'terminated');
  assert.equal(types(silent).includes('error'), false);
  assert.equal(counting.end, 'clean');
  assert.deepEqual(types(counting).slice(-3), ['error', 'finish', '[DONE]']);
  for (const chat of chats) {
    t.diagnostic(`${chat.label}: ${chat.status} ${chat.errors.map(e => e.message)} after ${shown(chat).length} characters`);
    assert.equal(chat.status, chat.label.includes('reset-step') ? 'ready' : 'error', chat.label);
    if (chat.status === 'error') {
      await chat.resumeStream();
    }
    assert.equal(chat.status, 'ready', chat.label);
    assert.equal(shown(chat), stored, chat.label);
    assert.deepEqual(chat.messages.map(m => m.id), [answerId], chat.label);
  }
});
