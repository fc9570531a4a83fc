// The node that works on a run is killed inside a tool, while unmodified chats watch elsewhere.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { agentChat, answer, shown, told, tools, waiting } from './lib/agent-chat.js';
import { answers, chunks, json, kill9, mayKill, newId, ownerOf, until } from './lib/cluster.js';
import { agentOf, toolServer } from './lib/tools.js';

let server;

before(async () => { server = await toolServer(); });

after(() => server.close());

it('a killed owner inside a tool is nothing but a pause, and the tool is called again with the same key',
  { skip: !mayKill, timeout: 120_000 }, async () => {
    const agent = await agentOf(server);
    const id = newId();
    const letGo = server.hold();
    const asking = await agentChat('ai6', 0, id, agent);
    // Its node may be the one that dies.
    const sending = asking.sendMessage({
      text: `tool:${agent}__look {"n":1} then tool:${agent}__book {"n":2} then slow:20x20`,
    });
    await until('the tool is at work', () => server.calls.length === 1);
    const { items: [run] } = await json(0, `/api/threads/${id}/runs`);
    const owner = await ownerOf(0, run.id);
    const [one, other] = [0, 1, 2].filter(i => i !== owner);
    const chats = [await agentChat('ai6', one, id, agent), await agentChat('ai7', other, id, agent)];
    const reading = chats.map(chat => chat.resumeStream());
    await until('both show it', () => chats.every(chat => tools(answer(chat)).length === 1));
    kill9(owner);
    await until('it is called again', () => server.calls.length === 2);
    letGo();
    await Promise.all([...reading, sending]);
    const looked = 'look {"n":1} output-available "look 1"';
    for (const chat of chats) {
      assert.deepEqual(chat.errors, [], chat.label);
      assert.equal(chat.status, 'ready', chat.label);
      assert.deepEqual(told(answer(chat)), [looked, 'book {"n":2} approval-requested'], chat.label);
    }
    // A chat that came by resuming has no message of its user: useChat would have been given it.
    await chats[1].addToolApprovalResponse({ id: waiting(chats[1]).approval.id, approved: true });
    await until('it ends', () => chats[1].status !== 'ready' ? false : shown(chats[1]).endsWith('chunk-20 '));
    const [stored] = await answers(one, id);
    assert.deepEqual(told(answer(chats[1])), [looked, 'book {"n":2} output-available "book 2"']);
    assert.deepEqual(told(stored), told(answer(chats[1])));
    assert.equal(shown(chats[1]), chunks(20));
    assert.deepEqual(server.calls.map(c => `${c.tool} ${c.n}`), ['look 1', 'look 1', 'book 2']);
    assert.equal(server.calls[0].key, server.calls[1].key);
    assert.notEqual(server.calls[0].key, server.calls[2].key);
  });
