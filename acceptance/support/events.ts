import { Deletion, IngestionProgress, SyncEvent } from '@espejo/contracts';
import { z } from 'zod';
import type { Espejo } from './espejo.ts';
import { API_KEY } from './espejo.ts';

export interface ReceivedEvent<T = SyncEvent> {
  readonly event: T;
}

const DeletionEvent = z.object({ type: z.enum(['progress', 'end']), data: Deletion });
type DeletionEvent = z.infer<typeof DeletionEvent>;

/** Reads a run's server-sent events until the server ends the stream or `signal` aborts. */
export function readEvents(
  espejo: Pick<Espejo, 'url'>,
  runId: string,
  signal?: AbortSignal,
): AsyncGenerator<ReceivedEvent, void, undefined> {
  return readStream(espejo, `/api/sync-runs/${runId}/events`, SyncEvent, signal);
}

/** All events of a run, to the end of the stream. */
export function collectEvents(espejo: Pick<Espejo, 'url'>, runId: string): Promise<readonly ReceivedEvent[]> {
  return collect(readEvents(espejo, runId));
}

/** All events of a deletion, to the end of the stream. */
export function collectDeletionEvents(
  espejo: Pick<Espejo, 'url'>,
  id: string,
): Promise<readonly ReceivedEvent<DeletionEvent>[]> {
  return collect(readStream(espejo, `/api/deletions/${id}/events`, DeletionEvent));
}

const IngestionEvent = z.object({ type: z.enum(['progress', 'end']), data: IngestionProgress });

/** All ingestion events of a store, until no file is left. */
export async function collectIngestionEvents(
  espejo: Pick<Espejo, 'url'>,
  storeId: string,
): Promise<readonly z.infer<typeof IngestionEvent>[]> {
  const path = `/api/vector-stores/${storeId}/ingestion/events`;
  return (await collect(readStream(espejo, path, IngestionEvent))).map(({ event }) => event);
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

async function* readStream<T>(
  espejo: Pick<Espejo, 'url'>,
  path: string,
  schema: z.ZodType<T>,
  signal?: AbortSignal,
): AsyncGenerator<ReceivedEvent<T>, void, undefined> {
  const response = await fetch(`${espejo.url}${path}`, {
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
    for (const block of blocks) yield { event: schema.parse(parseBlock(block)) };
  }
  if (buffer !== '') throw new Error(`The stream ended inside an event: ${buffer}`);
}

function parseBlock(block: string): { readonly type: string | undefined; readonly data: unknown } {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  return { type: fields.get('event'), data: JSON.parse(fields.get('data') ?? 'null') };
}
