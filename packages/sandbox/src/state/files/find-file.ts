import { fileNotFound } from '@espejo/contracts/openai';
import type { Project } from '../project.ts';
import type { FileRow } from '../rows.ts';
import { settle } from '../stores/settle.ts';

/** The file, or 404. */
export function findFile(project: Project, fileId: string): FileRow {
  settle(project);
  const file = project.files.get(fileId);
  if (file === undefined) throw fileNotFound(fileId);
  return file;
}
