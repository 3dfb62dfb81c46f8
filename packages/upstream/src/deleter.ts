import type { ListOptions } from './port.ts';

/**
 * deleted: upstream reports success; only a 404 to a later GET proves it. absent: a 404 that names the object, so it
 * was already gone. refused: a success response with `deleted: false`.
 */
export type Removal = 'deleted' | 'absent' | 'refused';

/**
 * The port that deletes upstream, separate from the reading one so that the type of a function shows whether it can
 * destroy anything (rule 2). Every method is idempotent: a second call finds the object absent. Failures throw
 * `UpstreamError`; a 404 that does not name the object (a wrong base URL, another project) is `malformed`, never
 * success.
 */
export interface UpstreamDeleter {
  /** Detaches a file from a store; the file itself stays. */
  detachFile(storeId: string, fileId: string, options?: ListOptions): Promise<Removal>;
  deleteFile(fileId: string, options?: ListOptions): Promise<Removal>;
  /** Deletes a store; its files stay. */
  deleteVectorStore(storeId: string, options?: ListOptions): Promise<Removal>;
}
