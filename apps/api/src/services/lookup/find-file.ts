import { AppError } from '@espejo/core';
import type { FileRecord, Repositories } from '@espejo/db';
import type { Clock } from '../../ports.ts';

/** A file, primary or mirrored. Throws `file_not_found`, also for a primary file that has expired. */
export async function findFile(
  deps: { readonly db: { readonly read: Pick<Repositories, 'fileList'> }; readonly clock: Clock },
  input: { tenantId: string; id: string },
): Promise<FileRecord> {
  const file = await deps.db.read.fileList.find(input.tenantId, input.id);
  if (file === undefined || isOver(file, deps.clock.nowMs())) {
    throw fileNotFound(input.id);
  }
  return file;
}

/** The same error for an unknown id, an id of another tenant, and one that a key has no access to. */
export function fileNotFound(id: string): AppError {
  return new AppError('file_not_found', `There is no file with id '${id}'.`);
}

function isOver({ connectionId, expiresAt }: FileRecord, nowMs: number): boolean {
  return connectionId === null && expiresAt !== null && expiresAt * 1000 <= nowMs;
}
