import { createHash } from 'node:crypto';
import { OpenAiError, uploadNotFound } from '@espejo/contracts/openai';
import { nowSeconds } from '../../clock.ts';
import type { Project } from '../project.ts';
import type { UploadRow, UploadStatus } from '../rows.ts';
import { settle } from '../stores/settle.ts';
import { createFile } from './create-file.ts';

const UPLOAD_LIFE_SECONDS = 3600;
const PART_BYTES_MAX = 64 * 2 ** 20;

export interface CreateUploadInput {
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly mimeType: string;
  readonly fileExpiresAfterSeconds: number | null;
}

/** Begins an upload in parts, open for an hour. */
export function createUpload(project: Project, input: CreateUploadInput): UploadRow {
  settle(project);
  const createdAt = nowSeconds(project.clock);
  const upload: UploadRow = {
    id: project.ids.upload(createdAt),
    createdAt,
    ...input,
    expiresAt: createdAt + UPLOAD_LIFE_SECONDS,
    parts: new Map(),
    status: 'pending',
    file: null,
  };
  project.uploads.set(upload.id, upload);
  return upload;
}

/** Adds a part. Parts may come in any order; completion names their order. */
export function addPart(project: Project, uploadId: string, data: Uint8Array): { id: string; createdAt: number } {
  const upload = findPending(project, uploadId);
  if (data.byteLength > PART_BYTES_MAX) {
    throw new OpenAiError(400, `The part is larger than the maximum of ${PART_BYTES_MAX} bytes.`, { param: 'data' });
  }
  const createdAt = nowSeconds(project.clock);
  const id = project.ids.part(createdAt);
  upload.parts.set(id, data);
  return { id, createdAt };
}

/** Joins the named parts to a file. Their bytes, and their MD5 if it is given, must be as announced. */
export function completeUpload(
  project: Project,
  uploadId: string,
  partIds: readonly string[],
  md5: string | undefined,
): UploadRow {
  const upload = findPending(project, uploadId);
  const parts = partIds.map((partId) => {
    const part = upload.parts.get(partId);
    if (part === undefined) {
      throw new OpenAiError(400, `No part with id '${partId}' in upload '${uploadId}'.`, { param: 'part_ids' });
    }
    return part;
  });
  const content = Buffer.concat(parts);
  if (content.byteLength !== upload.bytes) {
    throw new OpenAiError(
      400,
      `The number of bytes in the parts (${content.byteLength}) does not match the number announced (${upload.bytes}).`,
    );
  }
  if (md5 !== undefined && createHash('md5').update(content).digest('hex') !== md5.toLowerCase()) {
    throw new OpenAiError(400, 'The MD5 of the parts does not match the one given.', { param: 'md5' });
  }
  upload.file = createFile(project, {
    filename: upload.filename,
    purpose: upload.purpose,
    content,
    expiresAfterSeconds: upload.fileExpiresAfterSeconds ?? undefined,
  });
  upload.status = 'completed';
  upload.parts.clear();
  return upload;
}

/** Cancels an upload, with its parts. */
export function cancelUpload(project: Project, uploadId: string): UploadRow {
  const upload = findPending(project, uploadId);
  upload.status = 'cancelled';
  upload.parts.clear();
  return upload;
}

/** The status by the clock: a pending upload expires after an hour. */
export function uploadStatus(project: Project, upload: UploadRow): UploadStatus {
  return upload.status === 'pending' && nowSeconds(project.clock) >= upload.expiresAt ? 'expired' : upload.status;
}

function findPending(project: Project, uploadId: string): UploadRow {
  settle(project);
  const upload = project.uploads.get(uploadId);
  if (upload === undefined) throw uploadNotFound(uploadId);
  const status = uploadStatus(project, upload);
  if (status !== 'pending')
    throw new OpenAiError(400, `Upload '${uploadId}' is ${status} and cannot be changed any more.`);
  return upload;
}
