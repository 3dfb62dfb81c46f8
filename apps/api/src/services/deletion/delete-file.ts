import type { Authorized } from '@espejo/core';
import type { ContentContext, DeletionContext } from '../context/app-context.ts';
import { findFile } from '../lookup/find-file.ts';
import { executeLocalSteps } from './execute/execute-local-steps.ts';
import { planDeletion } from './plan/plan-deletion.ts';
import { startDeletion } from './start-deletion.ts';

/**
 * Deletes a primary file from every store, by a plan and the ledger like every deletion; it is gone when this returns.
 * The deletion of a mirrored file is started, and goes on in the background.
 */
export async function deleteFile(
  deps: DeletionContext & ContentContext,
  input: { readonly by: Authorized<'delete'>; id: string; trigger?: 'api' | 'person' },
): Promise<{ deletionId: string }> {
  const { by, id, trigger = 'api' } = input;
  const { tenantId } = by;
  const file = await findFile(deps, { tenantId, id });
  const holders = await deps.db.read.fileList.listAttachments(tenantId, [id], -1);
  const plan = await planDeletion(deps, {
    by,
    request: {
      storeIds: [],
      fileIds: [id],
      attachments: holders.map(({ storeId }) => ({ storeId, fileId: id })),
      orphans: false,
      filter: null,
      files: 'delete',
    },
  });
  const started = await startDeletion(deps, { by, planHash: plan.planHash, trigger });
  // The worker may have started it already: each step is done once.
  if (file.connectionId === null) await executeLocalSteps(deps, { tenantId, deletionId: started.id });
  return { deletionId: started.id };
}
