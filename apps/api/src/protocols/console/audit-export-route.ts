import { Readable } from 'node:stream';
import { ExportAuditQuery } from '@espejo/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { exportAudit } from '../../services/audit/list-audit.ts';
import type { Services } from '../../wire.ts';
import { REFUSAL, SECURITY } from './answers.ts';

/** `GET /api/audit-events/export`: every entry that matches, as one JSON object a line. */
export async function auditExportRoute(app: FastifyInstance, { services }: { services: Services }): Promise<void> {
  app.get(
    '/audit-events/export',
    {
      config: { needed: { action: 'manage' } },
      schema: {
        operationId: 'exportAuditEvents',
        summary: 'Export the audit as newline-delimited JSON, newest first',
        tags: ['System'],
        security: SECURITY,
        querystring: ExportAuditQuery,
        response: {
          200: {
            description: 'One AuditEvent a line',
            content: { 'application/x-ndjson': { schema: z.string() } },
          },
          default: REFUSAL,
        },
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
