import { z } from 'zod';
import { Instant, JsonMap, PageQuery, pageOf, SearchText } from './common.ts';

/** Things that can be done something to, as actions begin with them. */
export const AuditKind = z.enum([
  'access',
  'account',
  'agent',
  'api_key',
  'attachment',
  'clock',
  'connection',
  'default_store',
  'deletion',
  'file',
  'file_batch',
  'guardrails',
  'ingestion',
  'installation',
  'invitation',
  'member',
  'owner',
  'plan',
  'secret',
  'session',
  'settings',
  'store_grant',
  'sweep',
  'sync_run',
  'tenant',
  'transfer',
  'upload',
  'vector_store',
]);

export const AuditEvent = z
  .object({
    id: z.string(),
    at: Instant,
    actor: z.string().describe('Who: a key, the console, or the job that acts for nobody'),
    action: z.string().describe('What, such as `deletion.requested`'),
    subject: z.string().describe('On what: an id'),
    outcome: z.string(),
    detail: JsonMap.nullable(),
    requestId: z.string().nullable().describe('The request it came with; null: a job of its own'),
    address: z.string().nullable().describe('The network address that request came from'),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEvent = z.infer<typeof AuditEvent>;

const Filter = z.object({
  q: SearchText.optional().describe('Part of the subject or of the action'),
  actor: z.string().max(64).optional(),
  kind: AuditKind.optional().describe('All that was done to one kind of thing'),
});
export const ListAuditQuery = PageQuery.extend(Filter.shape);
export type ListAuditQuery = z.infer<typeof ListAuditQuery>;
export const ExportAuditQuery = Filter;
export const AuditPage = pageOf(AuditEvent).meta({ id: 'AuditPage' });
export type AuditPage = z.infer<typeof AuditPage>;
