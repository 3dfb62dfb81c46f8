import { removeAttachment } from '../attachments/attachments.ts';
import type { GhostMode, Project } from '../project.ts';

/**
 * Takes a file out of the project; false when there is none. What becomes of its attachments is the ghost mode:
 * documented is that they go everywhere; observed is also that stores keep listing them, or keep counting them.
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
