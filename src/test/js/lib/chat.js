// A chat without a framework: the AI SDK's own AbstractChat over the simplest state there is.
export const VERSIONS = ['ai5', 'ai6', 'ai7'];

export async function sdk(version) {
  const ai = await import(version);
  class PlainState {
    constructor(messages) {
      this.messages = messages;
      this.status = 'ready';
      this.error = undefined;
    }
    pushMessage = message => { this.messages = [...this.messages, message]; };
    popMessage = () => { this.messages = this.messages.slice(0, -1); };
    replaceMessage = (index, message) => {
      this.messages = this.messages.map((m, i) => (i === index ? structuredClone(message) : m));
    };
    snapshot = thing => structuredClone(thing);
  }
  class PlainChat extends ai.AbstractChat {
    constructor({ messages = [], ...rest }) {
      super({ ...rest, state: new PlainState(messages) });
    }
  }
  return { ...ai, PlainChat };
}

export function textOf(message) {
  return message.parts.filter(p => p.type === 'text').map(p => p.text).join('');
}
