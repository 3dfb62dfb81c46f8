import type { Authorized } from '@espejo/core';
import type { FileRecord, Repositories } from '@espejo/db';
import type { Clock } from '../../ports.ts';
import { fileNotFound, findFile } from './find-file.ts';

/** The part of a principal that decides which files a request may name. */
export type Reach = Pick<Authorized, 'tenantId' | 'storeIds'>;

/**
 * A file that a request names anywhere but in its path. A principal limited to single stores finds the files of those
 * only; any other file counts as not found. Throws `file_not_found`.
 */
export async function findReachedFile(
  deps: { readonly read: Pick<Repositories, 'fileList' | 'attachmentList'>; readonly clock: Clock },
  { tenantId, storeIds }: Reach,
  id: string,
): Promise<FileRecord> {
  const file = await findFile({ db: deps, clock: deps.clock }, { tenantId, id });
  const isReached = storeIds === null || (await deps.read.attachmentList.isInAny(tenantId, storeIds, id));
  if (!isReached) throw fileNotFound(id);
  return file;
}
