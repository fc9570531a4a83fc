// Messages that wait for the running answer, in order, each with a way back.
import { h, icon } from './ui.js';

export function drawQueue(root, turns, { remove, edit }) {
  const signature = turns.map((t) => `${t.run ?? ''}${t.user?.id ?? ''}${t.sending}${t.user?.text ?? ''}`).join();
  if (root.dataset.signature === signature) return;
  root.dataset.signature = signature;
  root.hidden = turns.length === 0;
  root.replaceChildren(
    h('h2', {}, turns.length === 1 ? '1 message waits' : `${turns.length} messages wait`),
    h(
      'ol',
      {},
      turns.map((turn, i) => {
        const text = turn.user?.text ?? '';
        return h(
          'li',
          { dataset: { run: turn.run ?? '' } },
          h('span', { class: 'position', 'aria-label': `Position ${i + 1}` }, String(i + 1)),
          h('span', { class: 'queued-text', title: text }, text),
          turn.run ? h('button', { type: 'button', class: 'icon-button', 'aria-label': `Edit: ${text.slice(0, 60)}`, title: 'Edit', onclick: () => edit(turn) }, icon('edit')) : null,
          turn.run ? h('button', { type: 'button', class: 'icon-button', 'aria-label': `Remove: ${text.slice(0, 60)}`, title: 'Remove', onclick: () => remove(turn) }, icon('close')) : null,
        );
      }),
    ),
  );
}
