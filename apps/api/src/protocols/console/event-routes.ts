import { ErrorBody } from '@espejo/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { presentDeletion } from '../../services/deletion/present-deletion.ts';
import { getSyncRun } from '../../services/sync/get-sync-run.ts';
import type { Services } from '../../wire.ts';
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
        return run.status === 'running' ? { type: 'progress', data: run.progress } : { type: 'end', data: run };
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
        return { type: data.status === 'waiting' || data.status === 'running' ? 'progress' : 'end', data };
      },
    }),
  },
];

/** The live streams of the console API. */
export function registerEventRoutes(app: FastifyInstance, services: Services): void {
  for (const { url, operationId, summary, tag, sourceOf } of ROUTES) {
    app.get(
      url,
      {
        schema: {
          operationId,
          summary,
          tags: [tag],
          security: [{ bearer: [] }],
          params: z.object({ id: z.string().max(256) }),
          response: { 200: z.string().describe('text/event-stream'), default: ErrorBody },
        },
      },
      async (request, reply) => {
        const { id } = request.params as { id: string };
        await streamEvents(request, reply, sourceOf(services, services.tenantId, id));
        return reply;
      },
    );
  }
}
