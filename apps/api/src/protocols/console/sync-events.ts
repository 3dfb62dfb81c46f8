import type { FastifyReply, FastifyRequest } from 'fastify';
import { getSyncRun } from '../../services/sync/get-sync-run.ts';
import type { RunEvent } from '../../services/sync/run-hub.ts';
import type { Services } from '../../wire.ts';

/** A run of another process has no events here, so its record is read this often; it also keeps proxies from giving up. */
const POLL_INTERVAL_MS = 2_000;

/**
 * `GET /api/sync-runs/{id}/events`: the state at once, then every progress, then `end` and the close. A reader that
 * comes back gets the state again, so nothing is lost by a broken connection. `signal` closes the stream with the server.
 */
export async function streamSyncEvents(
  services: Pick<Services, 'db' | 'hub'>,
  input: { tenantId: string; runId: string; request: FastifyRequest; reply: FastifyReply; signal: AbortSignal },
): Promise<void> {
  const { request, reply, signal } = input;
  // Subscribed before the state is read: an end in between is not missed.
  const early: RunEvent[] = [];
  let send: (event: RunEvent) => void = (event) => early.push(event);
  const unsubscribe = services.hub.subscribe(input.runId, (event) => send(event));
  let run: Awaited<ReturnType<typeof getSyncRun>>;
  try {
    run = await getSyncRun(services, input);
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
    'x-content-type-options': 'nosniff',
    'x-request-id': request.id,
  });
  const poll = setInterval(() => {
    getSyncRun(services, input)
      .then((now) =>
        send(now.status === 'running' ? { type: 'progress', data: now.progress } : { type: 'end', data: now }),
      )
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
    // A reader that does not keep up misses progress, never the end.
    if (isOver || (event.type === 'progress' && raw.writableNeedDrain)) return;
    raw.write(`event: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`);
    if (event.type === 'end') close();
  };
  // The response's close is the connection's; the request's comes as soon as it was read.
  raw.on('close', close);
  signal.addEventListener('abort', close);
  if (signal.aborted || raw.destroyed) return close();
  send({ type: 'progress', data: run.progress });
  for (const event of early) send(event);
  if (run.status !== 'running') send({ type: 'end', data: run });
}
