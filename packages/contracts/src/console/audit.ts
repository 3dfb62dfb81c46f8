import { z } from 'zod';
import { Instant, JsonMap, PageQuery, pageOf, SearchText } from './common.ts';

/** Kinds of subjects, the first part of an action's name. */
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
    actor: z.string().describe('Who: a key, the console, or a job'),
    action: z.string().describe('The action, such as `deletion.requested`'),
    subject: z.string().describe('The id of the subject'),
    outcome: z.string(),
    detail: JsonMap.nullable(),
    requestId: z.string().nullable().describe('The id of the request; null: made by a job'),
    address: z.string().nullable().describe('The network address of that request'),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEvent = z.infer<typeof AuditEvent>;

const Filter = z.object({
  q: SearchText.optional().describe('A part of the subject or of the action'),
  actor: z.string().max(64).optional(),
  kind: AuditKind.optional().describe('All actions on one kind of subject'),
});
export const ListAuditQuery = PageQuery.extend(Filter.shape);
export type ListAuditQuery = z.infer<typeof ListAuditQuery>;
export const ExportAuditQuery = Filter;
export const AuditPage = pageOf(AuditEvent).meta({ id: 'AuditPage' });
export type AuditPage = z.infer<typeof AuditPage>;
