import { AppError } from '@espejo/core';
import type { Database } from '@espejo/db';
import { presentParityRun } from './compare-stores.ts';
import type { ParityRun, ParityRunList } from './views.ts';

interface ParityReadDeps {
  readonly db: Database;
}

/** Comparisons of two stores, newest first. */
export async function listParityRuns(
  deps: ParityReadDeps,
  input: { readonly tenantId: string; readonly query: { leftStoreId: string; rightStoreId: string; limit: number } },
): Promise<ParityRunList> {
  const runs = await deps.db.read.parityRuns.list({ tenantId: input.tenantId, ...input.query });
  return { data: runs.map(presentParityRun) };
}

/** Throws `parity_run_not_found`. */
export async function getParityRun(
  deps: ParityReadDeps,
  input: { readonly tenantId: string; readonly id: string },
): Promise<ParityRun> {
  const run = await deps.db.read.parityRuns.find(input.tenantId, input.id);
  if (run === undefined) throw new AppError('parity_run_not_found', `There is no comparison with id '${input.id}'.`);
  return presentParityRun(run);
}
