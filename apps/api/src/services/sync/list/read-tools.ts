import { type RunContext, writeRecord } from '../run/run-context.ts';

/** A scheduled run checks again after this long. */
const ASK_INTERVAL_MS = 3_600_000;

/**
 * After a complete listing of the files, reads which tools besides vector stores use the files without a store: the
 * storage debt lists them separately. Sends no request when there is no such file. A tool that cannot be read is
 * recorded as unknown and fails no run.
 */
export async function readTools(ctx: RunContext): Promise<void> {
  const { tenantId, connection, run } = ctx;
  if (run.isDryRun) return;
  const nowMs = ctx.clock.nowMs();
  const scope = { tenantId, connectionIds: [connection.id] };
  const orphans = await ctx.db.read.storageDebt.listOrphans(scope, Math.ceil(nowMs / 1000));
  if (orphans.length === 0) return;
  const ageMs = connection.toolsReadAtMs === null ? null : Math.abs(nowMs - connection.toolsReadAtMs);
  if (run.trigger === 'schedule' && !run.isFull && ageMs !== null && ageMs < ASK_INTERVAL_MS) return;
  const files = orphans.map(({ id, name, sizeBytes }) => ({ id, filename: name ?? '', bytes: sizeBytes }));
  const uses = await ctx.upstream.readToolUses(files, { signal: ctx.signal });
  await writeRecord(ctx, (tx) => tx.toolUses.replace(tenantId, connection.id, uses, nowMs));
}
