import { AppError } from './errors.ts';

/** Error codes of the operating system and SQLite for a full disk, or a full quota of the disk. */
const CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'database_full', 'disk_full']);
const DEPTH_MAX = 6;

/** Whether an error has a full disk among its causes. */
export function isDiskFull(failure: unknown): boolean {
  for (let error = failure, depth = 0; error instanceof Error && depth < DEPTH_MAX; error = error.cause, depth += 1) {
    const code: unknown = Reflect.get(error, 'code');
    if (typeof code === 'string' && CODES.has(code)) return true;
  }
  return false;
}

/** The error of every protocol when the disk is full. */
export function diskFull(cause?: unknown): AppError {
  return new AppError(
    'disk_full',
    'The disk of this Espejo is full, so nothing can be added. Nothing was changed. Deleting still works: delete files or stores, or ask the operator for more space.',
    cause === undefined ? {} : { cause },
  );
}

/** The error table's error when a full disk is the cause; any other error unchanged. */
export function asDiskFull(failure: unknown): unknown {
  if (failure instanceof AppError || !isDiskFull(failure)) return failure;
  return diskFull(failure);
}
