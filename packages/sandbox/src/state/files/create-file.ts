import type { Project } from '../project.ts';
import type { FileRow } from '../rows.ts';
import { settle } from '../stores/settle.ts';

/** Batch inputs expire by default; other files live until they are deleted. */
const BATCH_EXPIRES_AFTER_SECONDS = 30 * 86_400;

export interface CreateFileInput {
  readonly filename: string;
  readonly purpose?: string | undefined;
  /** The bytes of the file. Without them it has the given size and a text made from its id. */
  readonly content?: Uint8Array | string | undefined;
  readonly bytes?: number | undefined;
  readonly expiresAfterSeconds?: number | undefined;
  readonly createdAt?: number | undefined;
}

/** Adds a file to the project. */
export function createFile(project: Project, input: CreateFileInput): FileRow {
  settle(project);
  const purpose = input.purpose ?? 'assistants';
  const content = typeof input.content === 'string' ? Buffer.from(input.content) : (input.content ?? null);
  const createdAt = input.createdAt ?? Math.floor(project.clock.now() / 1000);
  const lifeSeconds = input.expiresAfterSeconds ?? (purpose === 'batch' ? BATCH_EXPIRES_AFTER_SECONDS : undefined);
  const file: FileRow = {
    id: project.ids.file(),
    createdAt,
    seq: project.nextSeq(),
    filename: input.filename,
    bytes: content?.byteLength ?? input.bytes ?? 1024,
    purpose,
    expiresAt: lifeSeconds === undefined ? null : createdAt + lifeSeconds,
    content,
  };
  project.files.add(file);
  if (file.expiresAt !== null) project.due.add(file.expiresAt * 1000, { kind: 'file_expiry', fileId: file.id });
  return file;
}
