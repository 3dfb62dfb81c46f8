import { AppError } from '@espejo/core';
import type { FileRecord, Repositories } from '@espejo/db';
import type { Clock } from '../../ports.ts';

/** A file, ours or mirrored. Throws `file_not_found`; a file of ours whose end has come is not there any more. */
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

/** Of an id that nobody has, one of another tenant, or one that a key does not reach: they are one answer. */
export function fileNotFound(id: string): AppError {
  return new AppError('file_not_found', `There is no file with id '${id}'.`);
}

function isOver({ connectionId, expiresAt }: FileRecord, nowMs: number): boolean {
  return connectionId === null && expiresAt !== null && expiresAt * 1000 <= nowMs;
}
