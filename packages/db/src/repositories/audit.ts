import type { Handle } from '../connect.ts';
import { auditEvent } from '../schema/index.ts';

export interface AuditEntry {
  readonly tenantId: string;
  readonly atMs: number;
  /** Who: a person's key, or the job that acts for nobody. */
  readonly actor: string;
  /** What, in the past tense: `deletion.requested`. */
  readonly action: string;
  /** On what: an id. */
  readonly subject: string;
  readonly outcome: string;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

export function createAuditRepository({ orm }: Handle) {
  return {
    /** Part of the transaction that makes the change it tells of (rule 16). */
    async append(entry: AuditEntry): Promise<void> {
      await orm
        .insert(auditEvent)
        .values({ ...entry, detail: entry.detail === null ? null : JSON.stringify(entry.detail) });
    },
  };
}
