import { toSeconds } from '@espejo/core';
import type { AuditFilter, AuditRecord, Database } from '@espejo/db';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { ListAuditQuery } from './inputs.ts';
import type { AuditEvent, AuditPage } from './views.ts';

interface AuditDeps {
  readonly db: Database;
}

type Wish = Pick<ListAuditQuery, 'q' | 'actor' | 'kind'>;

const EXPORT_PAGE = 500;

/** The audit entries, newest first. */
export async function listAudit(
  deps: AuditDeps,
  input: { readonly tenantId: string; readonly query: ListAuditQuery },
): Promise<AuditPage> {
  const { query } = input;
  const filter = toFilter(input.tenantId, query);
  const list = `audit:${JSON.stringify([query.q, query.actor, query.kind])}`;
  const key = decodeCursor(query.cursor, list, z.tuple([z.int()]));
  const rows = await deps.db.read.audit.list(filter, key?.[0] ?? null, query.limit + 1);
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    data: page.map(presentEvent),
    nextCursor: rows.length > query.limit && last !== undefined ? encodeCursor(list, [last.seq]) : null,
    total: await deps.db.read.audit.count(filter),
    asOf: null,
  };
}

/** The same as JSON lines, complete, in bounded memory. */
export async function* exportAudit(
  deps: AuditDeps,
  input: { readonly tenantId: string; readonly query: Wish },
): AsyncGenerator<string> {
  const filter = toFilter(input.tenantId, input.query);
  for (let beforeSeq: number | null = null; ; ) {
    const rows: AuditRecord[] = await deps.db.read.audit.list(filter, beforeSeq, EXPORT_PAGE);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => `${JSON.stringify(presentEvent(row))}\n`).join('');
    beforeSeq = last.seq;
  }
}

function toFilter(tenantId: string, { q, actor, kind }: Wish): AuditFilter {
  return { tenantId, text: q, actor, kind };
}

function presentEvent({ seq, atMs, detail, ...row }: AuditRecord): AuditEvent {
  return { id: String(seq), at: toSeconds(atMs), ...row, detail: detail === null ? null : { ...detail } };
}
