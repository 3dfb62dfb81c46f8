import type { Project } from '../project.ts';
import { findAttachment } from '../stores/find-store.ts';
import { removeAttachment } from './attachments.ts';

/** Detaches a file from a store. The file stays. */
export function detachFile(project: Project, storeId: string, fileId: string): void {
  const { store } = findAttachment(project, storeId, fileId);
  removeAttachment(store, fileId);
}
