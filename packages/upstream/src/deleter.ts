import type { ListOptions } from './port.ts';

/**
 * deleted: upstream says it is done; only a 404 to a later GET proves it. absent: a 404 that names the object, so it was
 * gone before. refused: a success that says `deleted: false`.
 */
export type Removal = 'deleted' | 'absent' | 'refused';

/**
 * The port that deletes upstream, apart from the reading one so that the type of a function says whether it can destroy
 * anything (rule 2). Every verb may be repeated: a second call finds the object absent. Failures throw `UpstreamError`;
 * a 404 that does not name the object (a wrong base URL, another project) is `malformed`, never success.
 */
export interface UpstreamDeleter {
  /** Ends a file's membership in a store; the file itself stays. */
  detachFile(storeId: string, fileId: string, options?: ListOptions): Promise<Removal>;
  deleteFile(fileId: string, options?: ListOptions): Promise<Removal>;
  /** Deletes a store; files that were in it stay. */
  deleteVectorStore(storeId: string, options?: ListOptions): Promise<Removal>;
}
