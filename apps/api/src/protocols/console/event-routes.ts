import { IdParams, type IngestionProgress } from '@espejo/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { presentDeletion } from '../../services/deletion/present-deletion.ts';
import type { IngestionEvent } from '../../services/ingestion/ingestion-hub.ts';
import { getSyncRun } from '../../services/sync/get-sync-run.ts';
import { findVectorStore } from '../../services/vector-stores/get-vector-store.ts';
import type { Services } from '../../wire.ts';
import { REFUSAL, SECURITY } from './answers.ts';
import { reachedStoreId } from './reached-store.ts';
import { type EventSource, streamEvents } from './stream-events.ts';

interface EventRoute {
  readonly url: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  readonly sourceOf: (services: Services, tenantId: string, id: string) => EventSource;
}

const ROUTES: readonly EventRoute[] = [
  {
    url: '/sync-runs/:id/events',
    operationId: 'streamSyncRunEvents',
    summary: 'Live progress as server-sent events: `progress` (SyncProgress) and, once, `end` (SyncRun)',
    tag: 'Sync',
    sourceOf: (services, tenantId, runId) => ({
      subscribe: (listener) => services.hub.subscribe(runId, listener),
      read: async () => {
        const run = await getSyncRun(services, { tenantId, runId });
        const progress = { type: 'progress', data: run.progress } as const;
        return run.status === 'running' ? [progress] : [progress, { type: 'end', data: run }];
      },
    }),
  },
  {
    url: '/deletions/:id/events',
    operationId: 'streamDeletionEvents',
    summary: 'Live progress as server-sent events: `progress` (Deletion) and, once, `end` (Deletion)',
    tag: 'Deletions',
    sourceOf: (services, tenantId, id) => ({
      subscribe: (listener) => services.deletionHub.subscribe(id, listener),
      read: async () => {
        const data = await presentDeletion(services, tenantId, id);
        const isOpen = data.status === 'waiting' || data.status === 'running';
        return isOpen
          ? [{ type: 'progress', data }]
          : [
              { type: 'progress', data },
              { type: 'end', data },
            ];
      },
    }),
  },
  {
    url: '/vector-stores/:id/ingestion/events',
    operationId: 'streamIngestionEvents',
    summary:
      'Live progress of the files a store takes in: `progress` (IngestionProgress) and, once none is left, `end`',
    tag: 'Vector stores',
    sourceOf: (services, tenantId, id) => ({
      subscribe: (listener) =>
        services.ingestionHub.subscribe(id, (event) => listener({ type: 'progress', data: presentProgress(event) })),
      read: async () => {
        const store = await findVectorStore(services, tenantId, id);
        const data: IngestionProgress = { file: null };
        const isOver = store.fileCounts.in_progress === 0;
        return [{ type: 'progress', data }, ...(isOver ? [{ type: 'end', data } as const] : [])];
      },
    }),
  },
];

function presentProgress({ fileId, status, phase, doneChunks, totalChunks }: IngestionEvent): IngestionProgress {
  return { file: { id: fileId, status, phase, doneChunks, totalChunks } };
}

/**
 * The live streams of the console API. `closing` ends them with the server, and `stillAdmit` as soon as it throws: a
 * stream does not outlive the session or the key it was opened with.
 */
export function registerEventRoutes(
  app: FastifyInstance,
  options: {
    readonly services: Services;
    readonly closing: AbortSignal;
    readonly stillAdmit: (request: FastifyRequest) => Promise<void>;
  },
): void {
  const { services, closing, stillAdmit } = options;
  for (const { url, operationId, summary, tag, sourceOf } of ROUTES) {
    const isAboutStore = url.startsWith('/vector-stores/:id/');
    app.get(
      url,
      {
        exposeHeadRoute: false,
        config: { needed: { action: 'read', ...(isAboutStore && { storeParam: 'id' }) } },
        schema: {
          operationId,
          summary,
          tags: [tag],
          security: SECURITY,
          params: IdParams,
          response: {
            200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
            default: REFUSAL,
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params as { id: string };
        if (isAboutStore) reachedStoreId(request);
        const { tenantId } = request.admission.principal;
        const source = sourceOf(services, tenantId, id);
        const read = async () => {
          await stillAdmit(request);
          return source.read();
        };
        await streamEvents(request, reply, { ...source, read }, closing);
        return reply;
      },
    );
  }
}
