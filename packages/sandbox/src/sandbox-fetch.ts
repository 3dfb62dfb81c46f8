import type { Sandbox } from './create-sandbox.ts';

/**
 * A `fetch` that calls the sandbox without a socket, for clients that accept one, such as the official SDK. Hanging,
 * dropped and truncated responses end as they do over a socket: by the caller's signal, or with a TypeError.
 */
export function createSandboxFetch(sandbox: Sandbox): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const aborted = whenAborted(init?.signal ?? request.signal);
    const answer = sandbox.handle({
      method: request.method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: Object.fromEntries(request.headers),
      body,
    });
    const delivery = await Promise.race([answer, aborted]);
    switch (delivery.kind) {
      case 'hang':
        return aborted;
      case 'drop':
        throw new TypeError('fetch failed', { cause: new Error('the connection was closed') });
      case 'truncated':
        return new Response(cutBody(delivery.reply.body, delivery.share), delivery.reply);
      case 'reply':
        return new Response(plainBody(delivery.reply.body), delivery.reply);
    }
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // It is often not awaited in the end.
  aborted.catch(() => {});
  return aborted;
}

function cutBody(body: string | Uint8Array, share: number): ReadableStream<Uint8Array> {
  const bytes = Buffer.from(body);
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(bytes.subarray(0, Math.floor(bytes.byteLength * share)))),
    // The next read finds the connection closed.
    pull: (controller) => controller.error(new TypeError('terminated')),
  });
}

function plainBody(body: string | Uint8Array): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? body : new Uint8Array(body);
}
