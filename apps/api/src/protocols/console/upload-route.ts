import { IdParams, IngestedFile } from '@espejo/contracts';
import type { Authorized } from '@espejo/core';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { attachFile } from '../../services/attachments/attach-file.ts';
import { findOpenStore } from '../../services/attachments/find-attachment.ts';
import { createFile } from '../../services/files/create-file.ts';
import type { Services } from '../../wire.ts';
import { REFUSAL, SECURITY } from './answers.ts';
import { presentIngestedFile } from './primary-handlers.ts';
import { reachedStoreId } from './reached-store.ts';

const UploadQuery = z.object({ filename: z.string().min(1).max(512) });

/**
 * `POST /api/vector-stores/:id/uploads?filename=…` with the bytes as the body: creates a file and attaches it. The body
 * goes to the disk as it arrives, so one request a file gives the browser a true progress and the server no large memory.
 */
export async function uploadRoute(app: FastifyInstance, { services }: { services: Services }): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { bodyLimit: Number.MAX_SAFE_INTEGER }, (_request, body, done) => done(null, body));
  app.post(
    '/vector-stores/:id/uploads',
    {
      bodyLimit: Number.MAX_SAFE_INTEGER,
      config: { needed: { action: 'write', storeParam: 'id' } },
      schema: {
        operationId: 'uploadToVectorStore',
        summary: 'Send the bytes of a file and attach it to a primary store',
        tags: ['Vector stores'],
        security: SECURITY,
        consumes: ['application/octet-stream'],
        params: IdParams,
        querystring: UploadQuery,
        response: {
          201: {
            description: 'Created and attached',
            content: { 'application/json': { schema: IngestedFile } },
          },
          default: REFUSAL,
        },
      },
    },
    async (request, reply) => {
      const by = request.admission.by as Authorized<'write'>;
      const { tenantId } = by;
      const storeId = reachedStoreId(request);
      const { filename } = request.query as z.output<typeof UploadQuery>;
      // Before the first byte is read: a mirror, and a store that is not there, take none.
      await findOpenStore(services.db.read, { tenantId, storeId, nowMs: services.clock.nowMs() });
      const file = await createFile(services, {
        by,
        filename,
        purpose: 'assistants',
        mimeType: request.headers['content-type'] ?? null,
        source: request.raw,
        expiresAfterS: null,
      });
      const attachment = await attachFile(services, {
        by,
        storeId,
        fileId: file.id,
        attributes: null,
        chunking: null,
      });
      return reply.status(201).send(presentIngestedFile(attachment));
    },
  );
}
