import type { FileSnapshot } from '@espejo/core';
import type { TransferItemRecord } from '@espejo/db';

/** How far apart two clocks may be. */
const SKEW_S = 300;

/**
 * The file that an upload has become whose answer never came: made since upstream was asked for it, with its name, its
 * size and its purpose. `undefined`: there is none; `ambiguous`: more than one may be it, and none is taken. Pure.
 */
export function findUploadedFile(
  files: readonly FileSnapshot[],
  wanted: Pick<TransferItemRecord, 'completingSinceS'> & { readonly filename: string; readonly sizeBytes: number },
  isTaken: (fileId: string) => boolean,
): string | 'ambiguous' | undefined {
  const sinceS = (wanted.completingSinceS ?? Number.POSITIVE_INFINITY) - SKEW_S;
  const fitting = files.filter(
    (file) =>
      file.purpose === 'assistants' &&
      file.filename === wanted.filename &&
      file.bytes === wanted.sizeBytes &&
      file.createdAt >= sinceS &&
      !isTaken(file.id),
  );
  return fitting.length > 1 ? 'ambiguous' : fitting[0]?.id;
}
