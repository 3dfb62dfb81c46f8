import { SyncEvent } from '@espejo/contracts';
import type { Espejo } from './espejo.ts';
import { API_KEY } from './espejo.ts';

export interface ReceivedEvent {
  readonly event: SyncEvent;
  /** Since the request was sent. */
  readonly afterMs: number;
}

/** Reads a run's server-sent events until the server ends the stream or `signal` aborts. */
export async function* readEvents(
  espejo: Pick<Espejo, 'url'>,
  runId: string,
  signal?: AbortSignal,
): AsyncGenerator<ReceivedEvent, void, undefined> {
  const startedMs = performance.now();
  const response = await fetch(`${espejo.url}/api/sync-runs/${runId}/events`, {
    headers: { authorization: `Bearer ${API_KEY}`, accept: 'text/event-stream' },
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.status !== 200 || response.body === null) throw new Error(`The stream answered ${response.status}.`);
  if (!/^text\/event-stream/.test(response.headers.get('content-type') ?? ''))
    throw new Error('It is no event stream.');
  let buffer = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    buffer += chunk;
    const blocks = buffer.split('\n\n');
    buffer = blocks.pop() ?? '';
    for (const block of blocks) yield { event: parseBlock(block), afterMs: performance.now() - startedMs };
  }
  if (buffer !== '') throw new Error(`The stream ended inside an event: ${buffer}`);
}

/** All events of a run, to the end of the stream. */
export async function collectEvents(espejo: Pick<Espejo, 'url'>, runId: string): Promise<readonly ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  for await (const received of readEvents(espejo, runId)) events.push(received);
  return events;
}

function parseBlock(block: string): SyncEvent {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  return SyncEvent.parse({ type: fields.get('event'), data: JSON.parse(fields.get('data') ?? 'null') });
}
