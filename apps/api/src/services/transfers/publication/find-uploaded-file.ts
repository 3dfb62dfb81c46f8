import type { FileSnapshot } from '@espejo/core';
import type { TransferItemRecord } from '@espejo/db';

/** Allowed difference between two clocks. */
const SKEW_S = 300;

/**
 * The file of an upload whose answer was lost: created after the request, with its name, size and purpose. `undefined`:
 * there is none; `ambiguous`: more than one matches, and none is used. Pure.
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
