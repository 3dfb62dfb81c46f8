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
    throw new AppError('file_not_found', `There is no file with id '${input.id}'.`);
  }
  return file;
}

function isOver({ connectionId, expiresAt }: FileRecord, nowMs: number): boolean {
  return connectionId === null && expiresAt !== null && expiresAt * 1000 <= nowMs;
}
