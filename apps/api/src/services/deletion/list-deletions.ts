import type { StepState } from '@espejo/core';
import { toSeconds } from '@espejo/core';
import { z } from 'zod';
import type { DeletionWorkContext } from '../context/app-context.ts';
import type { DeletionStatus } from '../context/views.ts';
import { decodeCursor, encodeCursor, NUMBER_KEY } from '../cursor.ts';
import { presentDeletion, presentRow } from './present-deletion.ts';
import type { DeletionPage, DeletionStepPage } from './views.ts';

export async function listDeletions(
  deps: Pick<DeletionWorkContext, 'db' | 'clock'>,
  input: {
    tenantId: string;
    query: { limit: number; cursor?: string | undefined; status?: DeletionStatus | undefined };
  },
): Promise<DeletionPage> {
  const { tenantId, query } = input;
  const key = decodeCursor(query.cursor, 'deletions', NUMBER_KEY);
  const { rows, total } = await deps.db.read.deletions.list({
    tenantId,
    status: query.status,
    after: key === undefined ? undefined : { createdAtMs: key[0], id: key[1] },
    limit: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    data: await Promise.all(page.map((row) => presentRow(deps, row))),
    nextCursor:
      rows.length > query.limit && last !== undefined ? encodeCursor('deletions', [last.createdAtMs, last.id]) : null,
    total,
    asOf: null,
  };
}

/** The ledger of one deletion, step by step. */
export async function listDeletionSteps(
  deps: Pick<DeletionWorkContext, 'db' | 'clock'>,
  input: {
    tenantId: string;
    deletionId: string;
    query: { limit: number; cursor?: string | undefined; state?: StepState | undefined };
  },
): Promise<DeletionStepPage> {
  const { tenantId, deletionId, query } = input;
  await presentDeletion(deps, tenantId, deletionId);
  const list = `steps:${deletionId}`;
  const key = decodeCursor(query.cursor, list, z.tuple([z.int()]));
  const { rows, total } = await deps.db.read.deletionSteps.list({
    tenantId,
    deletionId,
    state: query.state,
    afterSeq: key?.[0] ?? 0,
    limit: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    data: page.map((step) => ({
      id: `${deletionId}:${step.seq}`,
      kind: step.kind,
      storeId: step.storeId,
      fileId: step.fileId,
      name: step.name,
      state: step.state,
      attempts: step.attempts,
      reason: step.reason,
      finishedAt: step.finishedAtMs === null ? null : toSeconds(step.finishedAtMs),
      snapshot: step.snapshot,
    })),
    nextCursor: rows.length > query.limit && last !== undefined ? encodeCursor(list, [last.seq]) : null,
    total,
    asOf: null,
  };
}
