import type { VectorStore } from '@espejo/contracts';

export const TRASH_REASON = 'This store is in the trash. Restore it first.';

/** Whether a store is in the trash, where only restoring it does anything. */
export function isTrashed(store: Pick<VectorStore, 'status'>): boolean {
  return store.status === 'trashed';
}
