// The unmodified AI SDK, versions 5, 6 and 7, as useChat uses it: its chat class over its default transport.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sdk, textOf, VERSIONS } from './lib/chat.js';
import { answers, api, chunks, headers, json, newId, node, until } from './lib/cluster.js';
import { cutAfter } from './lib/cut.js';

for (const version of VERSIONS) {
  const { PlainChat, DefaultChatTransport } = await sdk(version);

  function open(i, id, options = {}) {
    const errors = [];
    const chat = new PlainChat({
      id,
      messages: options.messages ?? [],
      transport: new DefaultChatTransport({ api: `${node(i)}/api/chat`, headers, fetch: options.fetch }),
      onError: error => errors.push(error),
    });
    return Object.assign(chat, { errors });
  }

  const answer = chat => chat.messages.find(message => message.role === 'assistant');
  const shown = chat => (answer(chat) ? textOf(answer(chat)) : '');
  const shows = (chat, text) => until(`the chat shows ${text}`, () => shown(chat).includes(text));

  async function endsAsStored(chat, i, id, text) {
    const [stored] = await answers(i, id);
    assert.deepEqual(chat.errors, []);
    assert.equal(chat.status, 'ready');
    assert.deepEqual(chat.messages.map(message => message.role), ['user', 'assistant']);
    assert.equal(shown(chat), text);
    assert.equal(textOf(stored), text);
    assert.equal(answer(chat).id, stored.id);
  }

  describe(`${version}`, { timeout: 180_000 }, () => {
    it('sends a message and shows exactly the stored answer', async () => {
      const id = newId();
      const chat = open(0, id);
      await chat.sendMessage({ text: 'slow:20x20' });
      await endsAsStored(chat, 1, id, chunks(20));
    });

    it('goes on with a second message of the same chat', async () => {
      const id = newId();
      const chat = open(0, id);
      await chat.sendMessage({ text: 'many:3' });
      await chat.sendMessage({ text: 'many:4' });
      assert.deepEqual(chat.messages.map(textOf), ['many:3', chunks(3), 'many:4', chunks(4)]);
      assert.deepEqual(chat.errors, []);
    });

    it('regenerates an answer, which takes the place of the old one under its own id', async () => {
      const id = newId();
      const chat = open(0, id);
      await chat.sendMessage({ text: `many:3 diverge:2 # ${id}` });
      const old = answer(chat).id;
      await chat.regenerate({ messageId: old });
      await endsAsStored(chat, 1, id, 'chunk-1 other-2 other-3 ');
      assert.notEqual(answer(chat).id, old);
      const [stored] = await answers(2, id);
      assert.deepEqual(stored.siblings, [old, stored.id]);
      await chat.regenerate();
      await endsAsStored(chat, 2, id, 'chunk-1 other-2 other-3 ');
      assert.equal((await answers(0, id))[0].siblings.length, 3);
    });

    it('edits a message, which is answered anew', async () => {
      const id = newId();
      const chat = open(0, id);
      await chat.sendMessage({ text: 'many:3' });
      await chat.sendMessage({ text: 'many:4' });
      const first = chat.messages[0].id;
      await chat.sendMessage({ text: 'many:5', messageId: first });
      await endsAsStored(chat, 1, id, chunks(5));
      assert.equal(chat.messages[0].id, first);
      await chat.sendMessage({ text: 'many:6' });
      assert.deepEqual(chat.messages.map(textOf), ['many:5', chunks(5), 'many:6', chunks(6)]);
      assert.deepEqual((await answers(2, id)).map(textOf), [chunks(5), chunks(6)]);
    });

    it('resumes on another node in the middle of an answer, with and without half of it', async () => {
      const id = newId();
      const first = open(0, id);
      const sending = first.sendMessage({ text: 'slow:60x50' });
      await shows(first, 'chunk-5 ');
      const half = structuredClone(first.messages);
      const withHalf = open(1, id, { messages: half });
      const withNone = open(2, id, { messages: half.slice(0, 1) });
      await Promise.all([sending, withHalf.resumeStream(), withNone.resumeStream()]);
      for (const chat of [first, withHalf, withNone]) {
        await endsAsStored(chat, 0, id, chunks(60));
      }
    });

    it('has nothing to resume in a new chat, and stays ready', async () => {
      const chat = open(1, newId());
      await chat.resumeStream();
      assert.equal(chat.status, 'ready');
      assert.deepEqual(chat.errors, []);
      assert.deepEqual(chat.messages, []);
    });

    it('is stopped from another node, twice, and keeps what is stored', async () => {
      const id = newId();
      const chat = open(0, id);
      const sending = chat.sendMessage({ text: 'slow:400x50' });
      await shows(chat, 'chunk-3 ');
      assert.equal((await api(1, `/api/chat/${id}/stop`, { method: 'POST' })).status, 202);
      await sending;
      assert.equal((await api(2, `/api/chat/${id}/stop`, { method: 'POST' })).status, 204);
      const [stored] = await answers(2, id);
      assert.equal(chat.status, 'ready');
      assert.deepEqual(chat.errors, []);
      assert.equal(shown(chat), textOf(stored));
      assert.ok(chunks(400).startsWith(shown(chat)) && shown(chat).length < chunks(400).length);
      const runs = await json(1, `/api/threads/${id}/runs`);
      assert.equal(runs.items[0].state, 'cancelled');
    });

    it('reads a cut connection as an error, and has the whole text once it has resumed', async () => {
      for (const bytes of [1, 700, 2000 + Math.floor(Math.random() * 3000)]) {
        const id = newId();
        let first = true;
        const fetchOnceCut = async (...request) => {
          const response = await fetch(...request);
          const cut = first;
          first = false;
          return cut ? cutAfter(response, bytes) : response;
        };
        const chat = open(0, id, { fetch: fetchOnceCut });
        await chat.sendMessage({ text: 'slow:60x20' });
        assert.equal(chat.status, 'error');
        chat.errors.length = 0;
        await chat.resumeStream();
        await endsAsStored(chat, 1, id, chunks(60));
      }
    });

    it('shows an answer that failed as an error', async () => {
      const chat = open(0, newId());
      await chat.sendMessage({ text: 'fail:400' });
      assert.equal(chat.status, 'error');
      assert.equal(chat.errors.length, 1);
    });
  });
}
