// The first screen of a conversation: what one may ask, and in development how to steer the scripted provider.
import { session } from './session.js';
import { h } from './ui.js';

const ASK = [
  ['Explain it', 'How can an answer survive the death of the server that writes it?'],
  ['Compare', 'Compare leases, heartbeats and fencing tokens in a table.'],
  ['Write code', 'Write a Java method that reads server-sent events from an HttpClient response.'],
  ['Plan', 'Plan a rolling deployment of three nodes in five steps.'],
];
const SCRIPTED = [
  ['A first look', 'What is Continuo?'],
  ['A long answer: reload, stop, kill a node', 'slow:400x50'],
  ['Reasoning, then an answer', 'think:40 slow:60x40'],
  ['A cut connection, and its retry', 'cut:20x1 slow:60x40'],
];

export function empty(root, ask) {
  const signature = session.scripted() ? 'scripted' : 'plain';
  if (root.dataset.signature === signature) return;
  root.dataset.signature = signature;
  const examples = session.scripted() ? SCRIPTED : ASK;
  root.replaceChildren(
    h('h2', {}, 'What shall we begin?'),
    h('p', {}, 'Reload, close the laptop, switch nodes: the answer goes on.'),
    h('div', { class: 'examples' }, examples.map(([title, text]) => h('button', { type: 'button', class: 'example', onclick: () => ask(text) }, h('strong', {}, title), h('span', { class: session.scripted() && text.includes(':') ? 'script' : '' }, text)))),
  );
}
