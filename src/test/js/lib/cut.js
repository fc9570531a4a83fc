/** The response, broken after so many bytes of its body with the error that `fail` makes. */
export function cutAfter(response, bytes, fail = () => new TypeError('terminated')) {
  if (!response.body) {
    return response;
  }
  const reader = response.body.getReader();
  let left = bytes;
  const body = new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) {
        controller.close();
      } else if (value.length < left) {
        left -= value.length;
        controller.enqueue(value);
      } else {
        if (left > 0) {
          controller.enqueue(value.slice(0, left));
        }
        controller.error(fail());
        reader.cancel().catch(() => {});
      }
    },
    cancel: reason => reader.cancel(reason),
  });
  const broken = new Response(body, { status: response.status, headers: response.headers });
  Object.defineProperty(broken, 'url', { value: response.url });
  return broken;
}
