// The npm package eventsource on the native stream of a thread, cut at random bytes and sent to another node each time.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { EventSource } from 'eventsource';
import { answers, chunks, finished, headers, newId, node, send, until } from './lib/cluster.js';
import { textOf } from './lib/chat.js';
import { cutAfter } from './lib/cut.js';

/** Follows a thread as a page does; `turns` decides for each connection after how many bytes it breaks. */
function follow(thread, turns) {
  const seen = { chunks: [], ids: [], terminals: [], snapshots: [], connections: 0 };
  const source = new EventSource(`${node(0)}/api/threads/${thread}/attach?lastEventId=0`, {
    fetch: async (url, init) => {
      const i = seen.connections++;
      const elsewhere = new URL(url);
      const other = new URL(node(i));
      elsewhere.host = other.host;
      const bytes = await turns(i);
      const response = await fetch(elsewhere, { ...init, headers: { ...init.headers, ...headers } });
      return cutAfter(response, bytes);
    },
  });
  source.onmessage = event => {
    const data = JSON.parse(event.data);
    // A user's message is `event: message`, which is the name of the default event, too; only chunks have a type.
    if (data.type) {
      seen.ids.push(event.lastEventId);
      seen.chunks.push({ run: event.lastEventId.split('.')[0], ...data });
    }
  };
  source.addEventListener('terminal', event => seen.terminals.push(JSON.parse(event.data)));
  source.addEventListener('snapshot', event => seen.snapshots.push(JSON.parse(event.data)));
  source.addEventListener('rewind', () => assert.fail('nothing was to be rewound'));
  return Object.assign(seen, { close: () => source.close() });
}

const textOfRun = (seen, run) =>
  seen.chunks.filter(c => c.run === run && c.type === 'text-delta').map(c => c.delta).join('');

const sha256 = text => createHash('sha256').update(text, 'utf8').digest('hex');

const random = (from, to) => from + Math.floor(Math.random() * (to - from));

describe('an EventSource', { timeout: 300_000 }, () => {
  it('that is cut at random bytes continues exactly on the next node', async () => {
    const thread = newId();
    const accepted = await send(0, thread, 'slow:150x40');
    const seen = follow(thread, i => (i < 4 ? random(300, 4000) : Infinity));
    try {
      await until('the terminal came', () => seen.terminals.length === 1, 120);
      const [stored] = await answers(1, thread);
      assert.equal(new Set(seen.ids).size, seen.ids.length, 'every id comes once');
      assert.deepEqual(seen.ids.map(id => Number(id.split('.')[2])), seen.ids.map((_, i) => i + 1));
      assert.equal(textOfRun(seen, accepted.runId), chunks(150));
      assert.equal(textOf(stored), chunks(150));
      assert.equal(seen.terminals[0].sha256, sha256(chunks(150)));
      assert.ok(seen.connections > 3, `it was cut ${seen.connections - 1} times`);
    } finally {
      seen.close();
    }
  });

  it('that was away while two further runs went by has all three', async () => {
    const thread = newId();
    const first = await send(0, thread, 'slow:40x40');
    let away;
    const back = new Promise(resolve => { away = resolve; });
    let left;
    const gone = new Promise(resolve => { left = resolve; });
    const seen = follow(thread, async i => {
      if (i === 0) {
        return 1500;
      }
      left();
      await back;
      return Infinity;
    });
    try {
      await gone;
      const second = await send(1, thread, 'many:7');
      const third = await send(2, thread, 'many:9');
      await finished(0, third.runId);
      away();
      await until('three terminals came', () => seen.terminals.length === 3);
      assert.deepEqual(seen.terminals.map(t => t.run), [first.runId, second.runId, third.runId]);
      assert.equal(textOfRun(seen, first.runId), chunks(40));
      for (const [run, n] of [[second.runId, 7], [third.runId, 9]]) {
        const snapshot = seen.snapshots.find(s => s.run === run);
        const text = snapshot ? textOf(snapshot.message) : textOfRun(seen, run);
        assert.equal(text, chunks(n));
        assert.equal(seen.terminals.find(t => t.run === run).sha256, sha256(text));
      }
    } finally {
      seen.close();
    }
  });
});
