// Files in messages as useChat of versions 6 and 7 sends them: data: URLs, which are stored and shown again after a reload.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agentChat, shown } from './lib/agent-chat.js';
import { textOf } from './lib/chat.js';
import { api, json, newId } from './lib/cluster.js';

/** One pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const NOTES = Buffer.from('# Notes\n').toString('base64');
const FILES = [
  { type: 'file', mediaType: 'image/png', filename: 'dot.png', url: `data:image/png;base64,${PNG}` },
  { type: 'file', mediaType: 'text/markdown', filename: 'notes.md', url: `data:text/markdown;base64,${NOTES}` },
];

const filesOf = message => message.parts.filter(part => part.type === 'file');
const told = message => filesOf(message).map(({ mediaType, filename }) => `${filename} ${mediaType}`);

async function bytes(i, url) {
  const response = await api(i, url);
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer()).toString('base64');
}

for (const version of ['ai6', 'ai7']) {
  describe(`${version} and files`, { timeout: 60_000 }, () => {
    it('sends an image and a text, which are stored and shown after a reload, and goes on from them', async () => {
      const id = newId();
      const chat = await agentChat(version, 0, id, 'default');
      await chat.sendMessage({ text: 'say:seen', files: FILES });
      assert.deepEqual(chat.errors, []);
      assert.equal(shown(chat), 'seen');

      const { items: stored } = await json(1, `/api/threads/${id}/messages`);
      assert.deepEqual(stored.map(message => message.role), ['user', 'assistant']);
      assert.equal(stored[0].id, chat.messages[0].id);
      assert.equal(textOf(stored[0]), 'say:seen');
      assert.deepEqual(told(stored[0]), ['dot.png image/png', 'notes.md text/markdown']);
      const urls = filesOf(stored[0]).map(part => part.url);
      assert.ok(urls.every(url => url.startsWith('/api/files/')), urls.join());
      assert.deepEqual(await Promise.all(urls.map(url => bytes(2, url))), [PNG, NOTES]);

      const reloaded = await agentChat(version, 1, id, 'default', { messages: stored });
      await reloaded.sendMessage({ text: 'say:again' });
      assert.deepEqual(reloaded.errors, []);
      assert.deepEqual(reloaded.messages.map(textOf), ['say:seen', 'seen', 'say:again', 'again']);
      assert.deepEqual(told(reloaded.messages[0]), told(stored[0]));
    });

    it('sends files without a word', async () => {
      const id = newId();
      const chat = await agentChat(version, 2, id, 'default');
      await chat.sendMessage({ files: FILES.slice(0, 1) });
      assert.deepEqual(chat.errors, []);
      assert.equal(chat.status, 'ready');
      const { items: stored } = await json(0, `/api/threads/${id}/messages`);
      assert.deepEqual(told(stored[0]), ['dot.png image/png']);
      assert.equal((await json(0, `/api/threads/${id}`)).title, 'dot.png');
    });
  });
}
