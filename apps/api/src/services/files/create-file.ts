import { AppError, type Authorized, fileId } from '@espejo/core';
import type { FileRecord, Repositories } from '@espejo/db';
import { BlobTooLarge, type StoredBlob } from '@espejo/retrieval';
import type { ContentContext } from '../context/app-context.ts';
import { checkNewFile, type FileAllowance } from '../limits/check-limits.ts';
import { findFile } from '../lookup/find-file.ts';
import { assertFileFields, readFilename } from './file-fields.ts';
import { forgetBlob } from './forget-blob.ts';
import { mimeTypeOf } from './mime-type.ts';

export interface CreateFileInput {
  readonly by: Authorized<'write'>;
  readonly filename: string;
  readonly purpose: string;
  /** As the client sent it; null: derived from the filename. */
  readonly mimeType: string | null;
  readonly source: AsyncIterable<Uint8Array>;
  /** Seconds from creation to expiry; null: never. */
  readonly expiresAfterS: number | null;
  readonly signal?: AbortSignal | undefined;
  /** It holds the parsed text of a file upstream, and is attached at once to where it is needed. */
  readonly adoption?: Adoption;
}

export interface Adoption {
  readonly from: string;
  /** Runs in the transaction that inserts the file, after the insert. */
  readonly place: (tx: Repositories, fileId: string) => Promise<void>;
}

/**
 * Stores an upload, in bounded memory. The row is inserted only when all bytes are on the disk. Throws `limit_exceeded`
 * or `quota_exceeded` before the first byte is read where possible, else as soon as possible.
 */
export async function createFile(deps: ContentContext, input: CreateFileInput): Promise<FileRecord> {
  assertFileFields(input);
  return createFileFromForm(deps, { ...input, readTrailingFields: async () => input });
}

/**
 * The same for a form, whose other fields may come after the content: `readTrailingFields` returns them once it has
 * been read.
 */
export async function createFileFromForm(
  deps: ContentContext,
  input: Omit<CreateFileInput, 'purpose' | 'expiresAfterS'> & {
    readonly readTrailingFields: () => Promise<Pick<CreateFileInput, 'purpose' | 'expiresAfterS'>>;
  },
): Promise<FileRecord> {
  const { by, readTrailingFields } = input;
  const { tenantId } = by;
  const filename = readFilename(input.filename);
  const mimeType = mimeTypeOf(filename, input.mimeType);
  return deps.incoming.receive({ tenantId, isInternal: input.adoption !== undefined }, async (meter) => {
    const allowance = await checkNewFile(deps.db.read, {
      tenantId,
      mimeType,
      sizeBytes: 0,
      underWayBytes: deps.incoming.bytesOf(tenantId),
      nowMs: deps.clock.nowMs(),
    });
    const blob = await writeLimited(deps, allowance, { source: meter(input.source), signal: input.signal });
    let fields: Pick<CreateFileInput, 'purpose' | 'expiresAfterS'>;
    try {
      fields = await readTrailingFields();
      assertFileFields(fields);
      if (blob.sizeBytes === 0) throw fileEmpty();
    } catch (cause) {
      await forgetBlob(deps, blob.sha256);
      throw cause;
    }
    const { purpose, expiresAfterS } = fields;
    return recordFile(deps, { ...input, filename, purpose, expiresAfterS, mimeType, blob });
  });
}

function fileEmpty(): AppError {
  return new AppError('invalid_request', 'File is empty.', { details: { param: 'file' } });
}

/** Streams content under a limit; content beyond it is answered with the limit's name. */
async function writeLimited(
  deps: ContentContext,
  { maxBytes, tooLong }: FileAllowance,
  { source, signal }: Pick<CreateFileInput, 'source' | 'signal'>,
): Promise<StoredBlob> {
  try {
    return await deps.blobs.write(source, { maxBytes, ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    throw cause instanceof BlobTooLarge ? tooLong() : cause;
  }
}

/** Inserts a file for stored content. A rejected file leaves no bytes behind. */
export async function recordFile(
  deps: ContentContext,
  input: Omit<CreateFileInput, 'source' | 'signal'> & {
    readonly blob: StoredBlob;
    /** Runs in the same transaction. */
    readonly also?: (tx: Repositories, fileId: string) => Promise<void>;
  },
): Promise<FileRecord> {
  const { by, filename, purpose, mimeType, expiresAfterS, blob, adoption, also } = input;
  const { tenantId } = by;
  const id = fileId(deps.randomHex);
  try {
    await deps.blobGate.run(blob.sha256, async () => {
      // A clean-up may have removed the same bytes just before this lock was taken; once recorded, they stay.
      if ((await deps.blobs.pathOf(blob.sha256)) === undefined) {
        throw new AppError('content_busy', 'Content with the same hash is being deleted. Send the file again.');
      }
      await deps.db.transaction(async (tx) => {
        const nowMs = deps.clock.nowMs();
        const createdAtS = Math.floor(nowMs / 1000);
        await also?.(tx, id);
        await checkNewFile(tx, { tenantId, mimeType, sizeBytes: blob.sizeBytes, underWayBytes: 0, nowMs });
        await tx.primaryFiles.insert({
          tenantId,
          id,
          filename,
          purpose,
          mimeType,
          sizeBytes: blob.sizeBytes,
          sha256: blob.sha256,
          createdAtS,
          expiresAtS: expiresAfterS === null ? null : createdAtS + expiresAfterS,
          adoptedFrom: adoption?.from ?? null,
        });
        await adoption?.place(tx, id);
        await tx.audit.append(by, {
          atMs: nowMs,
          action: 'file.created',
          subject: id,
          outcome: 'done',
          detail: { filename, purpose, sizeBytes: blob.sizeBytes, sha256: blob.sha256 },
        });
      });
    });
  } catch (cause) {
    await forgetBlob(deps, blob.sha256);
    throw cause;
  }
  return findFile(deps, { tenantId, id });
}
