import { IdParams, IngestedFile } from '@espejo/contracts';
import type { Authorized } from '@espejo/core';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { errorsOf } from '../../openapi/errors-of.ts';
import { attachFile } from '../../services/attachments/attach-file.ts';
import { createFile } from '../../services/files/create-file.ts';
import { getWritableStore } from '../../services/lookup/find-attachment.ts';
import type { Services } from '../../services/services.ts';
import { requireStoreAccess } from '../http/require-store-access.ts';
import { ERROR_RESPONSE, SECURITY } from './openapi-responses.ts';
import { presentIngestedFile } from './primary-handlers.ts';

const UploadQuery = z.object({ filename: z.string().min(1).max(4096) });

const CONTRACT = {
  method: 'POST',
  path: '/api/vector-stores/:id/uploads',
  action: 'write',
  isGrowing: true,
  params: IdParams,
  query: UploadQuery,
  errors: [
    'vector_store_read_only',
    'vector_store_expired',
    'vector_store_trashed',
    'file_type_refused',
    'duplicate_name',
    'limit_exceeded',
    'quota_exceeded',
    'too_many_uploads',
    'content_busy',
  ],
} as const;

/**
 * `POST /api/vector-stores/:id/uploads?filename=…` with the bytes as the body: creates a file and attaches it. The body
 * is streamed to the disk, so one request per file gives the browser a true progress and needs little memory.
 */
export async function uploadRoute(app: FastifyInstance, { services }: { services: Services }): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { bodyLimit: Number.MAX_SAFE_INTEGER }, (_request, body, done) => done(null, body));
  app.post(
    '/vector-stores/:id/uploads',
    {
      bodyLimit: Number.MAX_SAFE_INTEGER,
      config: { needed: { action: 'write', storeParam: 'id', isGrowing: true } },
      schema: {
        operationId: 'uploadToVectorStore',
        summary: 'Send the bytes of a file and attach it to a primary store',
        description: 'The body is the file as it is, under any content type. It is streamed to the disk.',
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
          default: ERROR_RESPONSE,
        },
        'x-errors': errorsOf(CONTRACT),
      },
    },
    async (request, reply) => {
      const by = request.admission.by as Authorized<'write'>;
      const { tenantId } = by;
      const storeId = requireStoreAccess(request);
      const { filename } = request.query as z.output<typeof UploadQuery>;
      // Checked before the first byte is read: a mirror, and a store that does not exist, accept none.
      await getWritableStore(services.db.read, { tenantId, storeId, nowMs: services.clock.nowMs() });
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
        isMadeHere: true,
      });
      return reply.status(201).send(presentIngestedFile(attachment));
    },
  );
}
