import { Readable } from 'node:stream';
import { ExportAuditQuery } from '@espejo/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { errorsOf } from '../../openapi/errors-of.ts';
import { exportAudit } from '../../services/audit/list-audit.ts';
import type { Services } from '../../services/services.ts';

import { ERROR_RESPONSE, SECURITY } from './openapi-responses.ts';

/** `GET /api/audit-events/export`: every entry that matches, as one JSON object a line. */
export async function auditExportRoute(app: FastifyInstance, { services }: { services: Services }): Promise<void> {
  app.get(
    '/audit-events/export',
    {
      config: { needed: { action: 'manage' } },
      schema: {
        operationId: 'exportAuditEvents',
        summary: 'Export the audit as newline-delimited JSON, newest first',
        description: 'The same entries as of the list, with the same filters, all of them in one answer.',
        tags: ['System'],
        security: SECURITY,
        querystring: ExportAuditQuery,
        response: {
          200: {
            description: 'One AuditEvent a line',
            content: { 'application/x-ndjson': { schema: z.string() } },
          },
          default: ERROR_RESPONSE,
        },
        'x-errors': errorsOf({
          method: 'GET',
          path: '/api/audit-events/export',
          action: 'manage',
          query: ExportAuditQuery,
          errors: [],
        }),
      },
    },
    async (request, reply) => {
      const query = request.query as z.output<typeof ExportAuditQuery>;
      const lines = exportAudit(services, { tenantId: request.admission.principal.tenantId, query });
      return reply
        .header('content-disposition', 'attachment; filename="espejo-audit.ndjson"')
        .type('application/x-ndjson')
        .send(Readable.from(lines));
    },
  );
}
