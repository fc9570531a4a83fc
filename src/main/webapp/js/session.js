// The key of this browser. It travels in a header only; a key in the address bar is taken and wiped at once.
const KEY = 'continuo.key';
const SCRIPTED = 'continuo.scripted';

export function readFragment() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const key = fragment.get('key');
  if (!key) return;
  localStorage.setItem(KEY, key.trim());
  if (fragment.has('scripted')) localStorage.setItem(SCRIPTED, fragment.get('scripted'));
  const thread = fragment.get('thread');
  history.replaceState(null, '', location.pathname + location.search + (thread ? `#/t/${encodeURIComponent(thread)}` : ''));
}

export const session = {
  key: () => localStorage.getItem(KEY),
  scripted: () => localStorage.getItem(SCRIPTED) === '1',
  enter: (key) => localStorage.setItem(KEY, key),
  leave: () => {
    localStorage.removeItem(KEY);
    localStorage.removeItem(SCRIPTED);
    sessionStorage.clear();
  },
  /** The same conversation on another node, as a link shows it: without the key. */
  address: (url, thread) => `${url.replace(/\/+$/, '')}/#/${thread ? `t/${encodeURIComponent(thread)}` : ''}`,
  /** For the moment of going there: the key goes along in the fragment, which no server sees. */
  elsewhere: (url, thread) => {
    const fragment = new URLSearchParams({ key: session.key() ?? '' });
    if (session.scripted()) fragment.set('scripted', '1');
    if (thread) fragment.set('thread', thread);
    return `${url.replace(/\/+$/, '')}/#${fragment}`;
  },
};
