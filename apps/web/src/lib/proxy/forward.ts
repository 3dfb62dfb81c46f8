import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { toClientHeaders } from './headers.ts';

/** A larger body is delayed, so that the API can reject it by its headers first. */
const HOLD_ABOVE_BYTES = 1_048_576;
const HOLD_MS = 100;
const NO_BODY_STATUS = new Set([101, 204, 205, 304]);

export interface ForwardRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
  /** Aborted when the browser disconnects. */
  readonly signal: AbortSignal;
}

/**
 * Forwards a request and streams the answer back unchanged. Rejects only when there is no answer.
 *
 * An API that rejects a large body answers early and closes the connection. Writing after that loses the answer to a
 * connection reset. So a large body is delayed briefly, writing stops as soon as an answer arrives, and the rest of the
 * browser's body is read and dropped, so that the browser can read the answer.
 */
export async function forward(request: ForwardRequest): Promise<Response> {
  const body = request.body === null ? null : Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]);
  try {
    return toResponse(await exchange(request, body), request.method);
  } catch (cause) {
    // The API had closed the kept-alive connection: a read can be retried.
    if (cause instanceof StaleConnection) return toResponse(await exchange(request, null), request.method);
    throw cause;
  }
}

class StaleConnection extends Error {}

function exchange(request: ForwardRequest, body: Readable | null): Promise<http.IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const transport = request.url.protocol === 'https:' ? https : http;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const outgoing = transport.request(request.url, {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    // A write is never sent twice, so it gets a new connection, which cannot be stale.
    ...(isRead ? {} : { agent: false }),
  });
  const onAbort = () => outgoing.destroy();
  request.signal.addEventListener('abort', onAbort, { once: true });

  outgoing.on('response', (incoming) => {
    incoming.once('close', () => request.signal.removeEventListener('abort', onAbort));
    if (body) {
      body.unpipe(outgoing);
      body.resume();
    }
    resolve(incoming);
  });
  outgoing.on('error', (cause: NodeJS.ErrnoException) => {
    request.signal.removeEventListener('abort', onAbort);
    body?.resume();
    reject(isRead && outgoing.reusedSocket && cause.code === 'ECONNRESET' ? new StaleConnection() : cause);
  });

  if (body === null) {
    outgoing.end();
    return promise;
  }
  body.on('error', () => outgoing.destroy());
  let isAnswered = false;
  outgoing.once('response', () => {
    isAnswered = true;
  });
  const declaredBytes = Number(request.headers.get('content-length') ?? Number.POSITIVE_INFINITY);
  if (declaredBytes <= HOLD_ABOVE_BYTES) {
    body.pipe(outgoing);
    return promise;
  }
  outgoing.flushHeaders();
  setTimeout(() => {
    if (!isAnswered && !outgoing.destroyed) body.pipe(outgoing);
  }, HOLD_MS);
  return promise;
}

function toResponse(incoming: http.IncomingMessage, method: string): Response {
  const raw = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    raw.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '');
  }
  const status = incoming.statusCode ?? 502;
  const headers = toClientHeaders(raw);
  if (method === 'HEAD' || NO_BODY_STATUS.has(status)) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(incoming) as ReadableStream<Uint8Array>, { status, headers });
}
