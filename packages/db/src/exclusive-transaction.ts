import { connect, type Handle, toAppError } from './connect.ts';
import { createRepositories, type Repositories } from './repositories/index.ts';

/**
 * Runs `work` in one transaction on a database that no other process has open or can open meanwhile. When this
 * resolves, all of it is on disk, or none. Throws `database_busy` while any process has the database open.
 */
export async function exclusiveTransaction<T>(path: string, work: (tx: Repositories) => Promise<T>): Promise<T> {
  const handle = open(path);
  try {
    handle.sqlite.pragma('synchronous = FULL');
    handle.sqlite.exec('begin exclusive');
    const result = await work(createRepositories(handle));
    handle.sqlite.exec('commit');
    return result;
  } catch (cause) {
    if (handle.sqlite.inTransaction) handle.sqlite.exec('rollback');
    throw toAppError(cause);
  } finally {
    handle.sqlite.close();
  }
}

function open(path: string): Handle {
  try {
    return connect(path, { isReadOnly: false, busyTimeoutMs: 0, isExclusive: true });
  } catch (cause) {
    throw toAppError(cause);
  }
}
