import type { Project } from '../project.ts';
import { findStore } from './find-store.ts';

/** Deletes a store with its attachments and batches. The files stay. */
export function deleteStore(project: Project, storeId: string): void {
  findStore(project, storeId);
  project.stores.remove(storeId);
  for (const batch of project.batches.values()) {
    if (batch.storeId === storeId) project.batches.delete(batch.id);
  }
}
