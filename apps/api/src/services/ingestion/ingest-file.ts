import { AppError, type Attributes, asSystem } from '@espejo/core';
import type { IngestionClaim, IngestionOutcome } from '@espejo/db';
import type { IndexedChunk } from '@espejo/retrieval';
import type { PrimaryContext } from '../context/app-context.ts';
import { type IngestionEvent, statusEvent } from '../context/events.ts';
import { openStoreIndex } from '../store-index/embedders.ts';
import { storeKey } from '../store-index/store-key.ts';
import { type DeriveDeps, prepareChunks } from './prepare-chunks.ts';

export interface IngestDeps
  extends DeriveDeps,
    Pick<
      PrimaryContext,
      'db' | 'clock' | 'index' | 'indexGate' | 'embedders' | 'ingestionHub' | 'localWork' | 'disk'
    > {}

/** A parser error fails the file after about this many attempts. */
const PARSER_TRIES = 2;

/** A file is not read again when a process has ended this often while it read it. */
const LOST_READS_MAX = 3;

/** The parser process ended for an unknown reason. */
class ParserCrashed extends Error {}

/** The store was reembedded during the ingestion: the file's vectors are of the old model. */
export class StaleEmbedding extends Error {}

/**
 * Puts the content of one file into its store's index, and records it when it is there. The index has the whole file or
 * nothing of it, and the write is idempotent: after a kill at any point, the next attempt ends the same. Throws
 * `lease_lost` when the claim is no longer valid; then another worker has the file.
 */
export async function ingestFile(deps: IngestDeps, claim: IngestionClaim, signal: AbortSignal): Promise<void> {
  const { tenantId, storeId, fileId, maxTokens, overlapTokens } = claim;
  await deps.disk.assertRoom();
  const file = await deps.db.read.fileList.find(tenantId, fileId);
  if (file?.sha256 == null) {
    return endIngestion(deps, claim, failed('invalid_file', 'The file does not exist any more.'));
  }
  if (claim.lostReads >= LOST_READS_MAX) {
    return endIngestion(
      deps,
      claim,
      failed(
        'invalid_file',
        `Espejo's process ended ${claim.lostReads} times while it read this file, so it is not read again. Split it or save it in another format; if the process was ended for another reason, retry the file.`,
      ),
    );
  }
  const embedder = await openStoreIndex(deps, claim);
  const derived = await prepareChunks(deps, {
    tenantId,
    storeId,
    sha256: file.sha256,
    // The text of a file upstream keeps that file's name, but it is text whatever the name says.
    filename: file.adoptedFrom === null ? file.filename : `${file.filename}.txt`,
    sizeBytes: file.bytes ?? 0,
    strategy: { maxTokens, overlapTokens },
    embedder,
    signal,
    isSuspect: claim.lostReads > 0,
    noteReading: (isBeingRead) => deps.db.transaction((tx) => tx.ingestionQueue.noteReading(claim, isBeingRead)),
    onProgress: (progress) => publishProgress(deps, claim, progress),
  });
  if (!derived.isOk) {
    const { code, message } = derived.failure;
    if (code === 'server_error' && claim.attempts < PARSER_TRIES) throw new ParserCrashed(message);
    return endIngestion(deps, claim, failed(code, message));
  }
  const { chunks, gaps } = derived;
  // Its vectors would be of the old model in the end, and waiting for the store would block other files.
  if (deps.localWork.isHeld(tenantId, storeId)) throw new StaleEmbedding();
  publishProgress(deps, claim, { phase: 'indexing', doneChunks: chunks.length, totalChunks: chunks.length });
  await deps.indexGate.run(storeKey(tenantId, storeId), async () => {
    signal.throwIfAborted();
    // Detached, cancelled or purged meanwhile: nothing of it may be added to the index any more.
    if (!(await deps.db.read.ingestionQueue.isHeld(claim))) throw lost();
    if ((await openStoreIndex(deps, claim)).model.fingerprint !== embedder.model.fingerprint)
      throw new StaleEmbedding();
    const { chunkCount, usageBytes } = await putIntoIndex(deps, claim, file.filename, chunks);
    await endIngestion(deps, claim, { status: 'completed', usageBytes, chunkCount, lastError: null, gaps });
  });
}

async function putIntoIndex(
  deps: IngestDeps,
  { tenantId, storeId, fileId }: IngestionClaim,
  filename: string,
  chunks: readonly IndexedChunk[],
) {
  // The present attributes: a later edit writes them into the index itself, after this.
  const attributes = await deps.db.read.primaryAttachments.findAttributes({ tenantId, storeId, fileId });
  // Only checked values are ever written to a primary row.
  return deps.index.upsertFile(storeKey(tenantId, storeId), {
    fileId,
    filename,
    attributes: (attributes ?? {}) as Attributes,
    chunks,
  });
}

/** Records the result of a file, if the claim is still valid; else throws `lease_lost`. */
export async function endIngestion(
  deps: Pick<IngestDeps, 'db' | 'clock' | 'ingestionHub'>,
  claim: IngestionClaim,
  outcome: IngestionOutcome,
): Promise<void> {
  const { tenantId, storeId, fileId } = claim;
  await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    await tx.ingestionQueue.assertHeld(claim);
    await tx.primaryAttachments.finish(claim, outcome, nowMs);
    // Chunks in the index from an earlier attempt under another strategy are removed.
    if (outcome.status !== 'completed')
      await tx.localTasks.add(tenantId, { kind: 'remove_file', storeId, fileId }, nowMs);
    await tx.audit.append(asSystem(tenantId, 'ingestion'), {
      atMs: nowMs,
      action: `ingestion.${outcome.status}`,
      subject: fileId,
      outcome: outcome.status,
      detail: {
        vectorStoreId: storeId,
        chunks: outcome.chunkCount,
        lastError: outcome.lastError,
        gaps: outcome.gaps?.length ?? 0,
      },
    });
  });
  deps.ingestionHub.publish(tenantId, storeId, statusEvent(storeId, fileId, outcome.status, outcome.lastError));
}

/** Records that a file cannot be ingested. */
export function failed(code: 'server_error' | 'unsupported_file' | 'invalid_file', message: string): IngestionOutcome {
  return { status: 'failed', usageBytes: 0, chunkCount: null, lastError: { code, message } };
}

function publishProgress(
  deps: Pick<IngestDeps, 'ingestionHub'>,
  { tenantId, storeId, fileId }: IngestionClaim,
  progress: Pick<IngestionEvent, 'phase' | 'doneChunks' | 'totalChunks'>,
): void {
  deps.ingestionHub.publish(tenantId, storeId, { ...statusEvent(storeId, fileId, 'in_progress'), ...progress });
}

function lost(): AppError {
  return new AppError('lease_lost', 'Another worker has claimed this file, or it does not exist any more.');
}
