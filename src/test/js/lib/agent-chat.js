// A chat as useChat makes it for an agent whose tools people decide on.
import { sdk, textOf } from './chat.js';
import { headers, node } from './cluster.js';

/** What an app tells of the chunks that its version knows. */
export const KNOWN = { 'x-continuo-chunks': 'tool-approval-request, tool-output-denied' };

export async function agentChat(version, i, id, agent, options = {}) {
  const ai = await sdk(version);
  const errors = [];
  const posts = [];
  const chat = new ai.PlainChat({
    id,
    messages: options.messages ?? [],
    transport: new ai.DefaultChatTransport({
      api: `${node(i)}/api/chat`,
      headers: { ...headers, ...KNOWN },
      body: { agent },
      fetch: (url, init) => {
        posts.push(init?.method ?? 'GET');
        return fetch(url, init);
      },
    }),
    sendAutomaticallyWhen: state =>
      ai.lastAssistantMessageIsCompleteWithApprovalResponses(state) || ai.lastAssistantMessageIsCompleteWithToolCalls(state),
    onError: error => errors.push(error),
  });
  return Object.assign(chat, { errors, posts, label: version });
}

export const answer = chat => chat.messages.find(message => message.role === 'assistant');

export const shown = chat => (answer(chat) ? textOf(answer(chat)) : '');

export const tools = message => (message?.parts ?? []).filter(part => part.type === 'dynamic-tool');

/** The tool parts as lines: tool, input, state and what came of it. */
export const told = message => tools(message).map(part =>
  [part.toolName.split('__').at(-1), JSON.stringify(part.input), part.state, JSON.stringify(part.output)].join(' ').trim());

export const waiting = chat => tools(answer(chat)).find(part => part.state === 'approval-requested');
