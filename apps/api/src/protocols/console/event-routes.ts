import { IdParams, type IngestionProgress } from '@espejo/contracts';
import type { ErrorCode } from '@espejo/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { errorsOf } from '../../openapi/errors-of.ts';
import type { IngestionEvent } from '../../services/context/events.ts';
import { presentDeletion } from '../../services/deletion/present-deletion.ts';
import { findVectorStore } from '../../services/lookup/find-vector-store.ts';
import type { Services } from '../../services/services.ts';
import { getSyncRun } from '../../services/sync/run/get-sync-run.ts';
import { requireStoreAccess } from '../http/require-store-access.ts';
import { ERROR_RESPONSE, SECURITY } from './openapi-responses.ts';
import { type EventSource, streamEvents } from './stream-events.ts';

interface EventRoute {
  readonly url: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tag: string;
  readonly errors: readonly ErrorCode[];
  readonly sourceOf: (services: Services, tenantId: string, id: string) => EventSource;
}

const ROUTES: readonly EventRoute[] = [
  {
    url: '/sync-runs/:id/events',
    operationId: 'streamSyncRunEvents',
    summary: 'Follow a sync run',
    description: 'Server-sent events: `progress` (SyncProgress) and, once, `end` (SyncRun). The first comes at once.',
    tag: 'Sync',
    errors: ['sync_run_not_found'],
    sourceOf: (services, tenantId, runId) => ({
      subscribe: (listener) => services.hub.subscribe(tenantId, runId, listener),
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
    summary: 'Follow a deletion',
    description: 'Server-sent events: `progress` (Deletion) and, once, `end` (Deletion). The first comes at once.',
    tag: 'Deletions',
    errors: ['deletion_not_found'],
    sourceOf: (services, tenantId, id) => ({
      subscribe: (listener) => services.deletionHub.subscribe(tenantId, id, listener),
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
    summary: 'Follow the ingestion of a store',
    description: 'Server-sent events: `progress` (IngestionProgress) and, once no file is left, `end`.',
    tag: 'Vector stores',
    errors: [],
    sourceOf: (services, tenantId, id) => ({
      subscribe: (listener) =>
        services.ingestionHub.subscribe(tenantId, id, (event) =>
          listener({ type: 'progress', data: presentProgress(event) }),
        ),
      read: async () => {
        const store = await findVectorStore(services, tenantId, id);
        const data: IngestionProgress = { file: null };
        // A mirror's files are ingested upstream: there are no events for them here.
        const isOver = store.source === 'cache' || store.fileCounts.in_progress === 0;
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
 * stream does not outlive the session or key that opened it.
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
  for (const { url, operationId, summary, description, tag, errors, sourceOf } of ROUTES) {
    const isAboutStore = url.startsWith('/vector-stores/:id/');
    app.get(
      url,
      {
        exposeHeadRoute: false,
        config: { needed: { action: 'read', ...(isAboutStore && { storeParam: 'id' }) } },
        schema: {
          operationId,
          summary,
          description,
          tags: [tag],
          security: SECURITY,
          params: IdParams,
          response: {
            200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
            default: ERROR_RESPONSE,
          },
          'x-errors': errorsOf({ method: 'GET', path: `/api${url}`, action: 'read', params: IdParams, errors }),
        },
      },
      async (request, reply) => {
        const { id } = request.params as { id: string };
        if (isAboutStore) requireStoreAccess(request);
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
