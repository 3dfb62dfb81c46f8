import type { FastifyReply, FastifyRequest } from 'fastify';
import { SECURITY_HEADERS } from '../../security-headers.ts';

export interface StreamEvent {
  readonly type: 'progress' | 'end';
  readonly data: unknown;
}

/** The source of a stream: events of this process, and the database for the state in all processes. */
export interface EventSource {
  subscribe(listener: (event: StreamEvent) => void): () => void;
  /** The present state: a progress, followed by the end when it is over. Throws when there is nothing to watch. */
  read(): Promise<readonly StreamEvent[]>;
}

/**
 * Work in another process sends no events here, so the database is read this often; it also keeps proxies from timing
 * out.
 */
const POLL_INTERVAL_MS = 2_000;

/**
 * Server-sent events: the present state at once, then every progress, then `end` and the close. A client that
 * reconnects gets the state again, so a broken connection loses nothing. `signal` closes the stream with the server.
 */
export async function streamEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  source: EventSource,
  signal: AbortSignal,
): Promise<void> {
  // Subscribed before the state is read, so that an end in between is not missed.
  const early: StreamEvent[] = [];
  let send: (event: StreamEvent) => void = (event) => early.push(event);
  const unsubscribe = source.subscribe((event) => send(event));
  let first: readonly StreamEvent[];
  try {
    first = await source.read();
  } catch (cause) {
    unsubscribe();
    throw cause;
  }
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    ...SECURITY_HEADERS,
    'x-request-id': request.id,
  });
  const poll = setInterval(() => {
    source
      .read()
      .then((events) => {
        for (const event of events) send(event);
      })
      .catch(close);
  }, POLL_INTERVAL_MS);
  let isOver = false;
  function close(): void {
    if (isOver) return;
    isOver = true;
    clearInterval(poll);
    unsubscribe();
    signal.removeEventListener('abort', close);
    raw.end();
  }
  send = (event) => {
    // A slow client misses progress events, never the end.
    if (isOver || (event.type === 'progress' && raw.writableNeedDrain)) return;
    raw.write(`event: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`);
    if (event.type === 'end') close();
  };
  // The response closes with the connection; the request closes as soon as it was read.
  raw.on('close', close);
  signal.addEventListener('abort', close);
  if (signal.aborted || raw.destroyed) return close();
  for (const event of [...first, ...early]) send(event);
}
