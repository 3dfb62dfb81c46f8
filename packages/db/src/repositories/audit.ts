import type { Who } from '@espejo/core';
import type { Handle } from '../connect.ts';
import { fromJson } from '../json.ts';
import { auditEvent } from '../schema/index.ts';

export interface AuditEntry {
  readonly atMs: number;
  /** The action, in the past tense: `deletion.requested`. */
  readonly action: string;
  /** The id of what it was done to. */
  readonly subject: string;
  readonly outcome: string;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

export interface AuditRecord extends AuditEntry, Omit<Who, 'tenantId'> {
  /** Increases with every entry. */
  readonly seq: number;
}

export interface AuditFilter {
  readonly tenantId: string;
  /** A part of the subject or of the action. */
  readonly text: string | undefined;
  readonly actor: string | undefined;
  /** All actions on one kind of thing: `deletion`. */
  readonly kind: string | undefined;
}

/** The audit log. Entries are never changed. */
export function createAuditRepository({ orm, statement }: Handle) {
  return {
    /** Part of the transaction that makes the change it records (rule 16). */
    async append(who: Who, entry: AuditEntry): Promise<void> {
      const { tenantId, actor, requestId, address } = who;
      const detail = entry.detail === null ? null : JSON.stringify(entry.detail);
      await orm.insert(auditEvent).values({ ...entry, detail, tenantId, actor, requestId, address });
    },
    /** Newest first, before an entry. */
    async list(filter: AuditFilter, beforeSeq: number | null, limit: number): Promise<AuditRecord[]> {
      const { where, values } = toWhere(filter);
      const rows = statement(
        `select seq, at_ms, actor, action, subject, outcome, detail, request_id, address from audit_event
          where ${where} and seq < ? order by seq desc limit ?`,
      )
        .raw()
        .all(...values, beforeSeq ?? Number.MAX_SAFE_INTEGER, limit) as [
        number,
        number,
        string,
        string,
        string,
        string,
        string | null,
        string | null,
        string | null,
      ][];
      return rows.map(([seq, atMs, actor, action, subject, outcome, detail, requestId, address]) => ({
        seq,
        atMs,
        actor,
        action,
        subject,
        outcome,
        detail: fromJson(detail),
        requestId,
        address,
      }));
    },
    /** Who did this to that, the last time it was done; undefined: never, or the entry is forgotten. */
    async findActor(tenantId: string, action: string, subject: string): Promise<string | undefined> {
      return statement(
        `select actor from audit_event indexed by audit_event_by_subject
          where tenant_id = ? and subject = ? and action = ? order by seq desc limit 1`,
      )
        .pluck()
        .get(tenantId, subject, action) as string | undefined;
    },
    async count(filter: AuditFilter): Promise<number> {
      const { where, values } = toWhere(filter);
      return statement(`select count(*) from audit_event where ${where}`)
        .pluck()
        .get(...values) as number;
    },
    /** Deletes a limited number of entries older than an instant, the oldest first. */
    async removeBefore(tenantId: string, beforeMs: number, limit: number): Promise<number> {
      return statement(
        `delete from audit_event where seq in
           (select seq from audit_event indexed by audit_event_by_time where tenant_id = ? and at_ms < ? order by at_ms limit ?)`,
      ).run(tenantId, beforeMs, limit).changes;
    },
  };
}

function toWhere({ tenantId, text, actor, kind }: AuditFilter): { where: string; values: string[] } {
  const terms = ['tenant_id = ?'];
  const values = [tenantId];
  if (text !== undefined && text.trim() !== '') {
    terms.push('(instr(subject, ?) > 0 or instr(action, ?) > 0)');
    values.push(text.trim(), text.trim());
  }
  if (actor !== undefined) {
    terms.push('actor = ?');
    values.push(actor);
  }
  if (kind !== undefined) {
    terms.push("substr(action, 1, length(?) + 1) = ? || '.'");
    values.push(kind, kind);
  }
  return { where: terms.join(' and '), values };
}
