// Puts the parts together: who is signed in, which conversation is open, what the page says about its connection.
import { AgentPicker } from './agent-picker.js';
import { api, onAnswer } from './api.js';
import { Chat } from './chat.js';
import { Cluster } from './cluster.js';
import { Composer } from './composer.js';
import { empty } from './empty.js';
import { listen } from './events.js';
import { closeMenu } from './menu.js';
import { Queue } from './queue.js';
import { readFragment, session } from './session.js';
import { ThreadList } from './thread-list.js';
import { Transcript } from './transcript.js';
import { age, h, hue, setAttribute, setText } from './ui.js';

const at = (id) => document.getElementById(id);
const wide = matchMedia('(min-width: 1180px)');
const narrow = matchMedia('(max-width: 760px)');

let chat;
let threads;
let composer;
let cluster;
let queue;
let picker;
let me = null;
let admin = null;
let here = null;
let silence = () => {};
let planned = false;
let countdown = 0;

readFragment();
wireTheme();
// Its address would be read as one of a conversation.
document.querySelector('.skip').addEventListener('click', (e) => {
  e.preventDefault();
  const signedIn = !at('app').hidden;
  if (signedIn) closeDrawers();
  const to = !signedIn ? at('key') : inAdmin() ? (at('admin-body').querySelector('h1') ?? at('admin-tabs').querySelector('a')) : at('ask');
  to?.focus();
});
at('sign-form').addEventListener('submit', signIn);
addEventListener('hashchange', () => {
  readFragment();
  if (!at('app').hidden) route();
  else if (session.key()) start();
});
if (session.key()) start();
else at('sign-in').hidden = false;

async function signIn(e) {
  e.preventDefault();
  session.enter(at('key').value.trim());
  try {
    await api.threads();
    at('sign-in').hidden = true;
    at('key').value = '';
    start();
  } catch (error) {
    session.leave();
    askForKey(error.status === 401 ? 'The server does not know this key.' : error.message);
  }
}

function askForKey(problem) {
  at('app').hidden = true;
  at('sign-in').hidden = false;
  at('sign-problem').hidden = !problem;
  setText(at('sign-problem'), problem ?? '');
  at('key').focus();
}

function start() {
  at('app').hidden = false;
  at('sign-in').hidden = true;
  if (!chat) build();
  threads.load().catch(failed);
  silence = listen((event) => threads.told(event));
  cluster.look();
  picker.load();
  api.me().then((known) => {
    me = known;
    at('administer').hidden = false;
    if (inAdmin()) route();
  }, failed);
  showCluster(!inAdmin() && wide.matches && localStorage.getItem('continuo.cluster') !== 'closed');
  route();
}

function build() {
  const transcript = new Transcript(
    { list: at('transcript'), scroller: at('scroller'), jump: at('jump'), announce: at('announce') },
    {
      again: (turn) => chat.again(turn),
      forget: (turn) => chat.forget(turn),
      repeat: (turn) => send(turn.user.text, false, turn.user.files),
      regenerate: (turn) => chat.regenerate(turn, picker.agent),
      reword: (turn, text) => chat.reword(turn, text, picker.agent),
      branch: (id) => chat.branch(id),
      answer: (turn, question, answer) => chat.answer(turn, question, answer),
    },
  );
  threads = new ThreadList(at('thread-list'), {
    loaded: () => {
      retitle();
      showAgent();
    },
    titled: retitle,
    gone: () => (location.hash = '#/'),
    failed,
  });
  cluster = new Cluster(at('cluster-body'), { nodes: knowNodes, thread: () => chat?.thread, title: (thread) => threads.title(thread) });
  chat = new Chat(transcript, {
    changed: () => afterwards(drawAround),
    created: (thread) => {
      history.replaceState(null, '', `#/t/${encodeURIComponent(thread.id)}`);
      composer.rename(thread.id);
      threads.current = thread.id;
      threads.soon(50);
    },
    link: linkState,
    unasked: (text) => composer.offer(text),
    failed,
  });
  composer = new Composer(
    { form: at('composer'), field: at('ask'), send: at('send'), stop: at('stop'), now: at('now'), files: at('files'), attach: at('attach'), file: at('file') },
    {
      onSend: (text, interrupt, files) => send(text, interrupt, files),
      onProblem: (text) => failed(new Error(text)),
      onStop: () => chat.stop(),
      lastOwn: () => chat.conversation.turns.findLast((t) => t.user)?.user.text,
    },
  );
  queue = new Queue(at('queue'), { remove: (turn) => chat.remove(turn), rewrite: (turn, text) => chat.rewrite(turn, text) });
  picker = new AgentPicker(at('agent'), (agent) => {
    if (chat.thread) api.changeThread(chat.thread, { agent: agent ?? 'default' }).then(() => threads.soon(), failed);
  });
  at('newest').addEventListener('click', () => chat.open(chat.thread));
  onAnswer(({ node, status }) => {
    if (node) knowHere(node);
    if (status === 401 && session.key()) {
      leave();
      askForKey('This key is not valid any more.');
    }
  });
  addEventListener('keydown', keys);
  at('new').addEventListener('click', () => {
    location.hash = '#/';
    if (!chat.thread) composer.focus();
  });
  at('search').addEventListener('input', (e) => threads.search(e.target.value.trim()));
  at('archived').addEventListener('click', (e) => {
    const on = e.currentTarget.getAttribute('aria-pressed') !== 'true';
    e.currentTarget.setAttribute('aria-pressed', String(on));
    threads.archived(on);
  });
  at('leave').addEventListener('click', () => {
    leave();
    askForKey();
  });
  at('earlier').addEventListener('click', earlier);
  for (const id of ['open-threads', 'open-threads-too']) at(id).addEventListener('click', () => showThreads(true));
  at('open-cluster').addEventListener('click', () => {
    const open = at('cluster').hidden;
    remember(open);
    showCluster(open);
  });
  at('threads').querySelector('[data-close]').addEventListener('click', () => showThreads(false));
  at('cluster').querySelector('[data-close]').addEventListener('click', () => {
    remember(false);
    showCluster(false);
  });
  at('scrim').addEventListener('click', closeDrawers);
  at('thread-list').addEventListener('click', (e) => {
    if (e.target.closest('a')) showThreads(false);
  });
}

function send(text, interrupt, files) {
  return chat.send(text, { agent: picker.agent, interrupt, files });
}

function showAgent() {
  const known = threads.threads.find((t) => t.id === chat.thread);
  if (known && picker.shownFor !== known.id) {
    picker.shownFor = known.id;
    picker.show(known.agent ?? 'default');
  }
}

function leave() {
  silence();
  admin?.hide();
  admin = null;
  me = null;
  at('administer').hidden = true;
  chat?.open(null);
  cluster?.show(false);
  session.leave();
}

/** Loaded when it is first wanted; who only chats never needs it. */
async function administer(path) {
  if (!me) return;
  if (!admin) {
    const { Admin } = await import('./admin/admin.js');
    admin ??= new Admin(
      { tabs: at('admin-tabs'), body: at('admin-body'), status: at('admin-status') },
      { me, thread: () => chat.thread, title: (thread) => threads.title(thread), agentsChanged: () => picker.load() },
    );
  }
  if (inAdmin()) await admin.show(path);
}

function inAdmin() {
  return /^#\/admin(\/|$)/.test(location.hash);
}

function showAdmin(shown) {
  if (at('admin').hidden === !shown) return;
  at('admin').hidden = !shown;
  at('chat').hidden = shown;
  setAttribute(at('administer'), 'aria-current', shown ? 'page' : null);
  if (shown) showCluster(false);
  else {
    admin?.hide();
    showCluster(wide.matches && localStorage.getItem('continuo.cluster') !== 'closed');
  }
}

function route() {
  showAdmin(inAdmin());
  if (inAdmin()) {
    document.title = 'Administration · Continuo';
    threads.select(null);
    closeDrawers();
    administer(location.hash.replace(/^#\/admin\/?/, ''));
    return;
  }
  const match = /^#\/t\/([^/]+)$/.exec(location.hash);
  const thread = match ? decodeURIComponent(match[1]) : null;
  if (chat.thread !== thread || thread === null) {
    linkState('idle');
    chat.open(thread);
    composer.attach(thread);
  }
  threads.select(thread);
  retitle();
  picker.shownFor = null;
  showAgent();
  closeDrawers();
  if (!narrow.matches) composer.focus();
}

function afterwards(work) {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    work();
  });
}

/** Everything around the transcript that depends on the conversation. */
function drawAround() {
  const { conversation } = chat;
  const active = conversation.active;
  const sending = conversation.turns.some((t) => t.sending);
  composer.busy(active?.state ?? null, active?.stopping ?? false);
  queue.draw(conversation.queue);
  at('aside').hidden = !chat.aside;
  const nothing = conversation.turns.every((t) => t.removed) && !chat.loading;
  at('empty').hidden = !nothing;
  at('app').classList.toggle('blank', nothing);
  if (nothing) empty(at('empty'), (text) => send(text));
  at('earlier').hidden = !chat.older;
  if (chat.thread && (active || conversation.turns.length)) {
    const last = conversation.turns.findLast((t) => !t.removed && t.run);
    const state = active ? active.state : sending ? 'queued' : last?.state;
    if (state) threads.told({ thread: chat.thread, state });
  }
}

async function earlier() {
  const scroller = at('scroller');
  const from = scroller.scrollHeight - scroller.scrollTop;
  await chat.earlier().catch(failed);
  scroller.scrollTop = scroller.scrollHeight - from;
}

function retitle() {
  const title = chat.thread ? (threads.title(chat.thread) ?? 'Conversation') : 'New conversation';
  setText(at('title'), title);
  document.title = chat.thread ? `${title} · Continuo` : 'Continuo';
}

function knowHere(node) {
  if (here === node) return;
  here = node;
  setText(at('here'), node);
  setAttribute(at('open-cluster'), 'data-hue', hue(node));
  setAttribute(at('open-cluster'), 'aria-label', `Attached to ${node}; show the cluster`);
}

function knowNodes(nodes) {
  const self = nodes.find((n) => n.self);
  if (self) knowHere(self.id);
}

function linkState(state, info = {}) {
  clearInterval(countdown);
  const chip = at('link-state');
  const away = at('away');
  setAttribute(at('open-cluster'), 'data-link', state);
  if (state === 'refused') {
    setText(chip, '');
    failed(info.error);
    return;
  }
  const lost = state === 'waiting' && info.failures > 1;
  if (state === 'open' || state === 'idle' || state === 'paused') {
    setText(chip, '');
    away.hidden = true;
  } else if (lost) {
    const until = performance.now() + info.ms;
    setText(chip, 'Reconnecting');
    const left = drawAway(info.error);
    const tick = () => setText(left, ` Trying again in ${age(Math.max(0, until - performance.now()))}.`);
    tick();
    countdown = setInterval(tick, 500);
  } else if (state === 'waiting') {
    setText(chip, 'Reconnecting');
  }
}

/** This node is away: the others can be opened, the conversation is there, too. */
function drawAway(error) {
  const away = at('away');
  const drawn = away.querySelector('.left');
  if (drawn && !away.hidden) return drawn;
  away.hidden = false;
  const left = h('span', { class: 'left', 'aria-hidden': 'true' });
  const others = cluster.nodes.filter((n) => !n.self && n.id !== here && n.url && n.alive !== false && /^https?:\/\//.test(n.url));
  away.replaceChildren(
    h('span', {}, error?.message ?? `${here ?? 'This node'} does not answer. Nothing is lost.`, left),
    ...others.slice(0, 3).map((n) => h('a', { href: session.address(n.url, chat.thread), onclick: (e) => {
      e.preventDefault();
      location.assign(session.elsewhere(n.url, chat.thread));
    } }, `Go on at ${n.id}`)),
  );
  return left;
}

function failed(error) {
  if (error?.status === 401) return;
  const away = at('away');
  away.hidden = false;
  const gone = error?.status === 404;
  away.replaceChildren(
    h('span', {}, gone ? 'This conversation does not exist, or this key may not see it.' : (error?.message ?? 'Something went wrong.')),
    h('button', { type: 'button', class: 'link', onclick: () => {
      away.hidden = true;
      if (gone) location.hash = '#/';
    } }, gone ? 'Start a new one' : 'Close'),
  );
}

function showThreads(open) {
  const was = at('threads').contains(document.activeElement);
  at('threads').classList.toggle('open', open);
  drawScrim();
  if (narrow.matches) handOver('threads', open, was);
}

function showCluster(open) {
  const was = at('cluster').contains(document.activeElement);
  at('cluster').hidden = !open;
  at('app').classList.toggle('with-cluster', open);
  at('open-cluster').setAttribute('aria-expanded', String(open));
  cluster.show(open);
  drawScrim();
  if (was || !wide.matches) handOver('cluster', open, was);
}

/** Whether the cluster stands beside the chat; where it only covers it, closing it says nothing about that. */
function remember(open) {
  if (wide.matches) localStorage.setItem('continuo.cluster', open ? 'open' : 'closed');
}

/** A drawer takes the focus when it opens over the chat, and gives it back to its button. */
function handOver(drawer, open, was) {
  if (open) at(drawer).querySelector('[data-close]').focus({ preventScroll: true });
  else if (was) at(drawer === 'threads' && inAdmin() ? 'open-threads-too' : `open-${drawer}`).focus({ preventScroll: true });
}

/** What a drawer covers is out of reach for the keyboard, too. */
function drawScrim() {
  const covered = (at('threads').classList.contains('open') && narrow.matches) || (!at('cluster').hidden && !wide.matches);
  at('scrim').hidden = !covered;
  at('chat').inert = covered;
  at('admin').inert = covered;
}

function closeDrawers() {
  const any = !at('scrim').hidden;
  if (at('threads').classList.contains('open')) showThreads(false);
  if (!wide.matches && !at('cluster').hidden) showCluster(false);
  return any;
}

wide.addEventListener('change', () => {
  if (chat && !inAdmin()) showCluster(wide.matches && localStorage.getItem('continuo.cluster') !== 'closed');
});
narrow.addEventListener('change', drawScrim);

function keys(e) {
  const typing = e.target.closest?.('input, textarea, [contenteditable]');
  if (e.key === 'Escape') {
    if (closeMenu() || closeDrawers() || document.querySelector('dialog[open]')) return;
    if (typing?.id === 'search' && typing.value) return;
    // Who waits for a decision is ended with the button, not by a key that closes things.
    if (!inAdmin() && chat.conversation.active?.state !== 'requires_action') chat.stop();
  } else if (e.key === '/' && !typing && !inAdmin() && !e.ctrlKey && !e.metaKey && !e.altKey) {
    e.preventDefault();
    composer.focus();
  } else if (e.key.toLowerCase() === 'k' && (e.ctrlKey || e.metaKey)) {
    e.preventDefault();
    if (narrow.matches) showThreads(true);
    at('search').focus();
  } else if (e.key.toLowerCase() === 'o' && (e.ctrlKey || e.metaKey) && e.shiftKey) {
    e.preventDefault();
    location.hash = '#/';
  }
}

function wireTheme() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  at('theme').addEventListener('click', () => {
    const now = document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light');
    const next = now === 'dark' ? 'light' : 'dark';
    if ((next === 'dark') === dark.matches) {
      delete document.documentElement.dataset.theme;
      localStorage.removeItem('continuo.theme');
    } else {
      document.documentElement.dataset.theme = next;
      localStorage.setItem('continuo.theme', next);
    }
  });
}
