import type { Authorized } from '@espejo/core';
import type { DeletionContext } from '../context/app-context.ts';
import { readGuardrails } from '../limits/guardrail-settings.ts';
import { planDeletion } from './plan/plan-deletion.ts';
import { startDeletion } from './start-deletion.ts';

/**
 * Deletes a store by a plan from the live project and the ledger, like every deletion; it goes on in the background.
 * Files that no other store uses are deleted too unless `files` says keep; null: the tenant's setting decides.
 */
export async function deleteVectorStore(
  deps: DeletionContext,
  input: { readonly by: Authorized<'delete'>; id: string; files: 'delete' | 'keep' | null },
): Promise<{ deletionId: string }> {
  const { by, id } = input;
  const { tenantId } = by;
  const files = input.files ?? (await readGuardrails(deps.db.read, tenantId)).filesOfDeletedStores;
  const { planHash } = await planDeletion(deps, {
    by,
    request: { storeIds: [id], fileIds: [], attachments: [], orphans: false, filter: null, files },
  });
  const { id: deletionId } = await startDeletion(deps, { by, planHash, trigger: 'api' });
  return { deletionId };
}
