import { AppError } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import type { RunContext } from '../run/run-context.ts';

const KINDS = { mirrorStores: 'vector stores', files: 'files' } as const;

/**
 * Two connections of one tenant must not mirror one project: they would overwrite each other's rows. Checked before
 * anything is written, and again in the transaction that writes, as the other connection may have been quicker.
 */
export async function assertUnowned(
  repositories: Repositories,
  { tenantId, connection }: Pick<RunContext, 'tenantId' | 'connection'>,
  kind: keyof typeof KINDS,
  ids: readonly string[],
): Promise<void> {
  const [first, ...others] = await repositories[kind].findForeign(tenantId, connection.id, ids);
  if (first === undefined) return;
  throw new AppError(
    'connection_duplicate',
    `${others.length + 1} of these ${KINDS[kind]} already belong to another connection or to Espejo itself (first: '${first}'). Two connections cannot mirror one project; delete one of them.`,
  );
}
