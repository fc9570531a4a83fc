// State of all threads. Browsers open six connections to a server at most, so of several tabs one listens and tells the
// others.
import { Stream } from './sse.js';

export function listen(onEvent) {
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('continuo.events') : null;
  let stream = null;
  const open = () =>
    (stream = new Stream('/api/events', {
      onEvent: ({ data }) => {
        onEvent(data);
        channel?.postMessage(data);
      },
    }));
  channel?.addEventListener('message', (e) => onEvent(e.data));
  const release = new AbortController();
  let letGo = () => {};
  if (channel && navigator.locks) {
    navigator.locks
      .request('continuo.events', { signal: release.signal }, () => {
        open();
        return new Promise((done) => (letGo = done));
      })
      .catch(() => {});
  } else {
    open();
  }
  return () => {
    release.abort();
    letGo();
    stream?.close();
    channel?.close();
  };
}
