import type { Readable } from 'node:stream';
import { AppError } from '@espejo/core';
import type { FileRecord } from '@espejo/db';
import type { ContentContext } from '../context/app-context.ts';

import { findFile } from '../lookup/find-file.ts';

/**
 * The bytes of a primary file from the beginning. Throws `file_not_found`, and `file_content_unavailable` for a mirror.
 */
export async function openFileContent(
  deps: Pick<ContentContext, 'db' | 'clock' | 'blobs'>,
  input: { tenantId: string; id: string },
): Promise<{ file: FileRecord; sizeBytes: number; stream: Readable }> {
  const file = await findFile(deps, input);
  if (file.connectionId !== null) {
    throw new AppError(
      'file_content_unavailable',
      `File '${file.id}' is a mirror of an OpenAI file, and OpenAI does not return the content of files of purpose '${file.purpose}'.`,
    );
  }
  const content = file.sha256 === null ? undefined : await deps.blobs.read(file.sha256);
  if (content === undefined) {
    throw new AppError('file_content_unavailable', `The bytes of file '${file.id}' are missing in the data folder.`);
  }
  return { file, ...content };
}
