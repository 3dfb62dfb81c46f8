import type { Authorized } from '@espejo/core';
import type { FileRecord, Repositories } from '@espejo/db';
import type { Clock } from '../../ports.ts';
import { fileNotFound, findFile } from './find-file.ts';

/** Whose request it is, as far as it decides what can be named in it. */
export type Reach = Pick<Authorized, 'tenantId' | 'storeIds'>;

/**
 * A file that a request names anywhere but in its path. Whoever is held to single stores finds the files of those alone;
 * any other one is answered like one that is not there. Throws `file_not_found`.
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
