import { removeAttachment } from './attachments.ts';
import { findAttachment } from './find-store.ts';
import type { Project } from './project.ts';

/** Takes a file out of a store. The file stays. */
export function detachFile(project: Project, storeId: string, fileId: string): void {
  const { store } = findAttachment(project, storeId, fileId);
  removeAttachment(store, fileId);
}
