import { vectorStoreReadOnly } from '@espejo/core';
import type { VectorStoreRecord } from '@espejo/db';

/** Throws `vector_store_read_only` for a mirror: every protocol calls this before it validates an edit. */
export function assertEditable({ id, source }: VectorStoreRecord): void {
  if (source === 'cache') throw vectorStoreReadOnly(id);
}
