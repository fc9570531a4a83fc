// Chunks of one run, folded to the parts of its answer. Text only grows; where it must shrink, the part's `revision`
// grows, so that a view knows the difference.

/** The states of a stored tool part, in this page's words. */
const STORED = { 'output-error': 'failed', 'output-denied': 'denied', 'approval-requested': 'wanted', 'input-available': 'unknown', 'input-streaming': 'unknown' };

export class Fold {
  parts = [];
  error = null;
  aborted = false;
  usage = null;
  #open = new Map();

  apply(chunk) {
    switch (chunk.type) {
      case 'text-start':
        return this.#start('text', chunk.id);
      case 'text-delta':
        return this.#grow('text', chunk.id, chunk.delta);
      case 'text-end':
        return this.#end('text', chunk.id);
      case 'reasoning-start':
        return this.#start('reasoning', chunk.id);
      case 'reasoning-delta':
        return this.#grow('reasoning', chunk.id, chunk.delta);
      case 'reasoning-end':
        return this.#end('reasoning', chunk.id);
      case 'tool-input-start':
        return this.#tool(chunk, { text: '', state: 'asking' });
      case 'tool-input-delta':
        return this.#tool(chunk, (tool) => (tool.text += chunk.inputTextDelta ?? ''));
      case 'tool-input-available':
        return this.#tool(chunk, { text: pretty(chunk.input), state: 'running' });
      case 'tool-output-available':
        return this.#tool(chunk, { output: pretty(chunk.output), state: 'done', done: true });
      case 'tool-output-error':
        return this.#tool(chunk, { output: chunk.errorText ?? '', state: 'failed', done: true });
      case 'tool-input-error':
        return this.#tool(chunk, { text: pretty(chunk.input), output: chunk.errorText ?? '', state: 'failed', done: true });
      case 'tool-approval-request':
        return this.#tool(chunk, { state: 'wanted' });
      case 'tool-output-denied':
        return this.#tool(chunk, { state: 'denied', done: true });
      case 'source-url':
        return this.parts.push({ kind: 'source', text: chunk.title || chunk.url, url: chunk.url, done: true, revision: 0 });
      case 'error':
        this.error = chunk.errorText || 'The run failed.';
        return undefined;
      case 'abort':
        this.aborted = true;
        return undefined;
      default:
        return undefined;
    }
  }

  #start(kind, id) {
    const part = { kind, text: '', done: false, revision: 0 };
    this.#open.set(`${kind} ${id}`, part);
    this.parts.push(part);
  }

  #grow(kind, id, delta) {
    if (!this.#open.has(`${kind} ${id}`)) this.#start(kind, id);
    this.#open.get(`${kind} ${id}`).text += delta ?? '';
  }

  #end(kind, id) {
    const part = this.#open.get(`${kind} ${id}`);
    if (part) part.done = true;
    this.#open.delete(`${kind} ${id}`);
  }

  #tool(chunk, change) {
    let tool = this.parts.find((p) => p.kind === 'tool' && p.callId === chunk.toolCallId);
    if (!tool) {
      tool = { kind: 'tool', callId: chunk.toolCallId, name: chunk.toolName ?? 'tool', text: '', state: 'asking', done: false, revision: 0 };
      this.parts.push(tool);
    }
    if (typeof change === 'function') change(tool);
    else Object.assign(tool, change);
    tool.revision++;
  }

  /** Takes over what an earlier fold had shown, so that only what really changed is drawn again. */
  replace(earlier) {
    this.parts.forEach((part, i) => {
      const was = earlier.parts[i];
      if (!was) return;
      const same = was.kind === part.kind && part.text.startsWith(was.text) && !(was.done && part.text !== was.text);
      part.revision = was.revision + (same && part.kind !== 'tool' ? 0 : 1);
    });
    return this;
  }
}

/** Parts of a stored UI message. */
export function ofMessage(parts) {
  const fold = new Fold();
  for (const part of parts ?? []) {
    if (part.type === 'text' || part.type === 'reasoning') {
      fold.parts.push({ kind: part.type, text: part.text ?? '', done: true, revision: 0 });
    } else if (part.type === 'source-url') {
      fold.apply(part);
    } else if (part.type?.startsWith('tool-') || part.type === 'dynamic-tool') {
      const state = STORED[part.state] ?? 'done';
      fold.parts.push({
        kind: 'tool',
        callId: part.toolCallId,
        name: part.toolName ?? part.type.replace(/^tool-/, ''),
        text: pretty(part.input),
        output: state === 'failed' ? part.errorText : state === 'denied' ? part.approval?.reason : part.output === undefined ? undefined : pretty(part.output),
        state,
        done: state !== 'wanted',
        revision: 0,
      });
    }
  }
  return fold;
}

export function plainText(parts) {
  return (parts ?? [])
    .filter((p) => p.type === 'text')
    .map((p) => p.text)
    .join('\n');
}

function pretty(value) {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
