/** The data of each event of a response: chunks as objects, `[DONE]` as text. */
export async function* events(response) {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of response.body) {
    rest += decoder.decode(bytes, { stream: true });
    const frames = rest.split('\n\n');
    rest = frames.pop();
    for (const frame of frames) {
      const data = frame.split('\n').find(line => line.startsWith('data: '))?.slice(6);
      if (data !== undefined) {
        yield data === '[DONE]' ? data : JSON.parse(data);
      }
    }
  }
}

export async function all(response) {
  const list = [];
  for await (const event of events(response)) {
    list.push(event);
  }
  return list;
}

export const textOf = list => list.filter(c => c.type === 'text-delta').map(c => c.delta).join('');
