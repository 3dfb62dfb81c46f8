import { fileNotFound } from '@espejo/contracts/openai';
import { dropFile } from './drop-file.ts';
import type { GhostMode, Project } from './project.ts';
import { settle } from './settle.ts';

/** Deletes a file, or 404. Its attachments go with it unless the ghost mode says otherwise. */
export function deleteFile(project: Project, fileId: string, ghostMode: GhostMode = project.settings.ghostMode): void {
  settle(project);
  if (!dropFile(project, fileId, ghostMode)) throw fileNotFound(fileId);
}
