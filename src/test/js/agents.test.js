// Tools, approvals and questions as useChat of versions 6 and 7 knows them; version 5 has no approvals.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { agentChat, answer, shown, told, tools, waiting } from './lib/agent-chat.js';
import { textOf } from './lib/chat.js';
import { answers, chunks, newId, until } from './lib/cluster.js';
import { agentOf, toolServer } from './lib/tools.js';

let server;
let agent;

before(async () => {
  server = await toolServer();
  agent = await agentOf(server, ['ask_user']);
});

after(() => server.close());

const call = (tool, n) => `tool:${agent}__${tool} {"n":${n}}`;
const made = n => server.calls.filter(c => c.n === n).map(c => c.tool);
/** Numbers of calls that no other test makes. */
let last = 0;
const number = () => ++last;

async function endsAsStored(chat, i, id, lines, text) {
  const [stored] = await answers(i, id);
  assert.deepEqual(chat.errors, [], chat.label);
  assert.equal(chat.status, 'ready', chat.label);
  assert.deepEqual(chat.messages.map(message => message.role), ['user', 'assistant'], chat.label);
  assert.equal(answer(chat).id, stored.id);
  assert.deepEqual(told(answer(chat)), lines, chat.label);
  assert.deepEqual(told(stored), lines, chat.label);
  assert.equal(shown(chat), text, chat.label);
  assert.equal(textOf(stored), text);
}

const ends = (chat, text) => until(`${chat.label} ends`, () => chat.status === 'ready' && shown(chat).endsWith(text)
  || chat.status === 'error');

for (const version of ['ai6', 'ai7']) {
  describe(`${version} and an agent`, { timeout: 120_000 }, () => {
    it('shows tools at work, asks its user, and goes on by itself once that is allowed', async () => {
      const id = newId();
      const n = [number(), number(), number()];
      const chat = await agentChat(version, 0, id, agent);
      await chat.sendMessage({ text: `${call('look', n[0])} then ${call('book', n[1])} then ${call('look', n[2])} then many:3` });
      assert.equal(chat.status, 'ready');
      assert.deepEqual(told(answer(chat)), [
        `look {"n":${n[0]}} output-available "look ${n[0]}"`,
        `book {"n":${n[1]}} approval-requested`,
      ]);
      assert.deepEqual(made(n[1]), []);
      await chat.addToolApprovalResponse({ id: waiting(chat).approval.id, approved: true });
      await ends(chat, chunks(3));
      await endsAsStored(chat, 1, id, [
        `look {"n":${n[0]}} output-available "look ${n[0]}"`,
        `book {"n":${n[1]}} output-available "book ${n[1]}"`,
        `look {"n":${n[2]}} output-available "look ${n[2]}"`,
      ], chunks(3));
      assert.deepEqual(n.map(made), [['look'], ['book'], ['look']]);
      assert.deepEqual(chat.posts, ['POST', 'POST'], 'nothing is posted but the message and the answer');
    });

    it('tells the model what its user denied, and why', async () => {
      const id = newId();
      const n = number();
      const chat = await agentChat(version, 1, id, agent);
      await chat.sendMessage({ text: `${call('book', n)} then many:2` });
      await chat.addToolApprovalResponse({ id: waiting(chat).approval.id, approved: false, reason: 'too dear' });
      await ends(chat, chunks(2));
      await endsAsStored(chat, 2, id, [`book {"n":${n}} output-denied`], chunks(2));
      assert.equal(tools((await answers(0, id))[0])[0].approval.reason, 'too dear');
      assert.equal(tools(answer(chat))[0].approval.approved, false);
      assert.deepEqual(made(n), []);
    });

    it('asks its user a question, and goes on with the answer', async () => {
      const id = newId();
      const chat = await agentChat(version, 0, id, agent);
      await chat.sendMessage({ text: 'tool:ask_user {"question":"Red or blue?"} then many:2' });
      assert.deepEqual(told(answer(chat)), ['ask_user {"question":"Red or blue?"} input-available']);
      await chat.addToolOutput({
        tool: 'ask_user',
        toolCallId: tools(answer(chat))[0].toolCallId,
        output: { colour: 'blue' },
      });
      await ends(chat, chunks(2));
      await endsAsStored(chat, 1, id,
        ['ask_user {"question":"Red or blue?"} output-available {"colour":"blue"}'], chunks(2));
      assert.deepEqual(chat.posts, ['POST', 'POST']);
    });

    it('says that its user does not answer', async () => {
      const id = newId();
      const chat = await agentChat(version, 2, id, agent);
      await chat.sendMessage({ text: 'tool:ask_user {"question":"Red or blue?"} then many:2' });
      const { toolCallId } = tools(answer(chat))[0];
      await chat.addToolOutput({ tool: 'ask_user', toolCallId, state: 'output-error', errorText: 'Not now.' });
      await ends(chat, chunks(2));
      await endsAsStored(chat, 1, id, ['ask_user {"question":"Red or blue?"} output-error'], chunks(2));
      assert.equal(tools(answer(chat))[0].errorText, 'Not now.');
    });

    it('waits for both of two answers', async () => {
      const id = newId();
      const n = [number(), number()];
      const chat = await agentChat(version, 2, id, agent);
      await chat.sendMessage({ text: `${call('book', n[0])} ${call('book', n[1])} then many:2` });
      const [one, other] = tools(answer(chat)).map(part => part.approval.id);
      await chat.addToolApprovalResponse({ id: one, approved: true });
      assert.deepEqual(chat.posts, ['POST']);
      await chat.addToolApprovalResponse({ id: other, approved: false });
      await ends(chat, chunks(2));
      await endsAsStored(chat, 0, id, [
        `book {"n":${n[0]}} output-available "book ${n[0]}"`,
        `book {"n":${n[1]}} output-denied`,
      ], chunks(2));
    });

    it('is reloaded inside a tool and while its user is asked, and goes on on other nodes', async () => {
      const id = newId();
      const n = [number(), number()];
      const letGo = server.hold();
      const first = await agentChat(version, 0, id, agent);
      const sending = first.sendMessage({ text: `${call('look', n[0])} then ${call('book', n[1])} then slow:20x20` });
      await until('the tool is at work', () => made(n[0]).length === 1);
      await until('it is shown', () => tools(answer(first)).length === 1);
      const second = await agentChat(version, 1, id, agent, { messages: structuredClone(first.messages) });
      const third = await agentChat(version, 2, id, agent, { messages: structuredClone(first.messages.slice(0, 1)) });
      const reading = [second.resumeStream(), third.resumeStream()];
      await until('all show it', () => [second, third].every(chat =>
        tools(answer(chat)).some(part => part.state === 'input-available')));
      letGo();
      await Promise.all([sending, ...reading]);
      const asked = [`look {"n":${n[0]}} output-available "look ${n[0]}"`, `book {"n":${n[1]}} approval-requested`];
      for (const chat of [first, second, third]) {
        assert.deepEqual(told(answer(chat)), asked, chat.label);
        assert.equal(chat.status, 'ready');
      }
      const late = await agentChat(version, 1, id, agent, { messages: structuredClone(first.messages.slice(0, 1)) });
      await late.resumeStream();
      assert.deepEqual(told(answer(late)), asked);
      await late.addToolApprovalResponse({ id: waiting(late).approval.id, approved: true });
      await until('the answer begins', () => shown(late).includes('chunk-2 '));
      await first.resumeStream();
      await ends(late, chunks(20));
      for (const chat of [first, late]) {
        await endsAsStored(chat, 2, id, [asked[0], `book {"n":${n[1]}} output-available "book ${n[1]}"`], chunks(20));
      }
      assert.deepEqual(made(n[1]), ['book']);
    });
  });
}
