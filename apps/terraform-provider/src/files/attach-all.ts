import { PluginError } from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';
import type { AttachRequest } from '../client/openai.ts';
import type { AttachedFile, Batch, FileCounts } from '../client/rows.ts';
import { waitUntil } from '../client/wait-until.ts';

/** Fewer than the API accepts at once, so that one rejected file does not block thousands. */
const BATCH_FILES_MAX = 500;
const FAILURES_SHOWN_MAX = 10;
/** A file that was just attached may be unknown for a while. */
const APPEAR_TRIES_MAX = 200;

export interface AttachWork {
  readonly client: Client;
  readonly signal: AbortSignal;
  readonly storeId: string;
  readonly timeoutSeconds: number;
  readonly files: readonly AttachRequest[];
  /** More files than this are sent in several batches. */
  readonly batchFilesMax?: number | undefined;
  /** Called for each accepted batch, before the wait. If set, even one file is sent as a batch. */
  readonly onStarted?: ((batch: Batch) => void) | undefined;
}

/** Attaches files and waits until all of them are searchable. Throws with the error of each that is not. */
export async function attachAll(work: AttachWork): Promise<void> {
  requireCompleted(work.storeId, await attachAndWait(work));
}

/** Attaches files and waits until each is completed or failed. */
export async function attachAndWait(work: AttachWork): Promise<readonly AttachedFile[]> {
  const { client, storeId, files } = work;
  if (files.length === 0) return [];
  const [first] = files;
  if (files.length === 1 && first !== undefined && work.onStarted === undefined) {
    await client.openai.attach(storeId, first);
    return [await waitForFile(work, first.fileId)];
  }
  const done: AttachedFile[] = [];
  const size = work.batchFilesMax ?? BATCH_FILES_MAX;
  for (let from = 0; from < files.length; from += size) {
    const part = files.slice(from, from + size);
    const batch = await client.openai.createBatch(storeId, part);
    work.onStarted?.(batch);
    done.push(...(await waitForBatch(work, batch.id, part)));
  }
  return done;
}

/** Waits for one file. It may not be found right after it was attached. */
export async function waitForFile(
  { client, signal, storeId, timeoutSeconds }: Omit<AttachWork, 'files'>,
  fileId: string,
): Promise<AttachedFile> {
  let missingCount = 0;
  return waitUntil(
    { client, signal, timeoutSeconds, what: `File ${fileId} of vector store ${storeId} is still in_progress.` },
    async () => {
      const file = await client.openai.findAttached(storeId, fileId);
      if (file === undefined) {
        missingCount += 1;
        if (missingCount > APPEAR_TRIES_MAX) {
          throw new PluginError('Not found', `File ${fileId} was attached to ${storeId}, but does not appear there.`);
        }
        return undefined;
      }
      return file.status === 'in_progress' ? undefined : file;
    },
  );
}

/** Waits for a batch and returns its files. */
async function waitForBatch(
  { client, signal, storeId, timeoutSeconds }: Omit<AttachWork, 'files'>,
  batchId: string,
  files: readonly AttachRequest[],
): Promise<readonly AttachedFile[]> {
  await waitUntil(
    { client, signal, timeoutSeconds, what: `Batch ${batchId} of vector store ${storeId} is still in_progress.` },
    async () => {
      const batch = await client.openai.findBatch(storeId, batchId);
      if (batch === undefined) return undefined;
      // Some servers return the store instead of the batch; then the files have the status.
      const counts =
        batch.id === batchId ? batch.file_counts : await countFiles(client.openai.batchFiles(storeId, batchId));
      const isDone = counts.in_progress === 0 && counts.total >= files.length;
      return isDone || batch.status === 'cancelled' ? true : undefined;
    },
  );
  const rows: AttachedFile[] = [];
  for await (const row of client.openai.batchFiles(storeId, batchId)) rows.push(row);
  // The list may lag, so a missing file proves nothing.
  const listed = new Set(rows.map(({ id }) => id));
  for (const { fileId } of files.filter(({ fileId }) => !listed.has(fileId))) {
    rows.push(await waitForFile({ client, signal, storeId, timeoutSeconds }, fileId));
  }
  return rows;
}

async function countFiles(files: AsyncIterable<AttachedFile>): Promise<FileCounts> {
  const counts = { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 };
  for await (const { status } of files) {
    counts.total += 1;
    if (status === 'in_progress' || status === 'completed' || status === 'failed' || status === 'cancelled') {
      counts[status] += 1;
    }
  }
  return counts;
}

/** Throws with the server's reason for each file that is not searchable. */
export function requireCompleted(storeId: string, files: readonly AttachedFile[]): void {
  const failed = files.filter(({ status }) => status !== 'completed');
  if (failed.length === 0) return;
  const lines = failed.slice(0, FAILURES_SHOWN_MAX).map((file) => `${file.id}: ${failureWords(file)}`);
  if (failed.length > lines.length) lines.push(`… and ${failed.length - lines.length} more`);
  throw new PluginError(
    failed.length === 1 ? 'A file failed to ingest' : `${failed.length} files failed to ingest`,
    `Vector store ${storeId}:\n${lines.join('\n')}`,
  );
}

/** Why a file is not searchable, in the server's words. */
export function failureWords({ status, last_error: error }: AttachedFile): string {
  return error === null ? status : `${status}, ${error.code}: ${error.message}`;
}
