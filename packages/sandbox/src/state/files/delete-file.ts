import { fileNotFound } from '@espejo/contracts/openai';
import type { GhostMode, Project } from '../project.ts';
import { settle } from '../stores/settle.ts';
import { dropFile } from './drop-file.ts';

/** Deletes a file, or 404. Its attachments are deleted too unless the ghost mode says otherwise. */
export function deleteFile(project: Project, fileId: string, ghostMode: GhostMode = project.settings.ghostMode): void {
  settle(project);
  if (!dropFile(project, fileId, ghostMode)) throw fileNotFound(fileId);
}
