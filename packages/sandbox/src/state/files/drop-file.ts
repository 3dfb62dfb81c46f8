import { removeAttachment } from '../attachments/attachments.ts';
import type { GhostMode, Project } from '../project.ts';

/**
 * Removes a file from the project; false when there is none. The ghost mode decides about its attachments: according to
 * the documentation they are removed everywhere; it was also observed that stores keep listing them, or keep counting
 * them.
 */
export function dropFile(project: Project, fileId: string, ghostMode: GhostMode): boolean {
  if (project.files.remove(fileId) === undefined) return false;
  if (ghostMode === 'listed') return true;
  for (const store of project.stores.values()) {
    if (ghostMode === 'none') removeAttachment(store, fileId);
    else store.attachments.remove(fileId);
  }
  return true;
}
