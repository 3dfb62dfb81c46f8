import { AppError } from './errors.ts';

/** What the operating system and SQLite call a disk, or a quota of the disk, that takes no more. */
const CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'database_full', 'disk_full']);
const DEPTH_MAX = 6;

/** Whether a failure came about because the disk is full, whoever wrapped it. */
export function isDiskFull(failure: unknown): boolean {
  for (let error = failure, depth = 0; error instanceof Error && depth < DEPTH_MAX; error = error.cause, depth += 1) {
    const code: unknown = Reflect.get(error, 'code');
    if (typeof code === 'string' && CODES.has(code)) return true;
  }
  return false;
}

/** What every door answers when the disk takes no more of what was to be written. */
export function diskFull(cause?: unknown): AppError {
  return new AppError(
    'disk_full',
    'The disk of this Espejo is full, so nothing can be added. Nothing was changed. Deleting still works: delete files or stores, or ask the operator for more space.',
    cause === undefined ? {} : { cause },
  );
}

/** A failure in the words of the error table when a full disk is behind it; any other as it is. */
export function asDiskFull(failure: unknown): unknown {
  if (failure instanceof AppError || !isDiskFull(failure)) return failure;
  return diskFull(failure);
}
