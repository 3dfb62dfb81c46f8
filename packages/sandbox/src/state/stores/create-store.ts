import { filesToAttachNotFound } from '@espejo/contracts/openai';
import { addAttachment } from '../attachments/attachments.ts';
import { OrderedRows } from '../ordered-rows.ts';
import type { Project } from '../project.ts';
import { type Chunking, type Metadata, NO_METADATA, type StoreRow } from '../rows.ts';
import { scheduleStoreExpiry, settle } from './settle.ts';

export interface CreateStoreInput {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: Metadata | null | undefined;
  readonly expiresAfterDays?: number | null | undefined;
  readonly fileIds?: readonly string[] | undefined;
  readonly chunking?: Chunking | undefined;
  /** For seeds and histories: a time in the past. Never later than the clock. */
  readonly createdAt?: number | undefined;
  readonly lastActiveAt?: number | undefined;
}

/** Creates a store and starts the processing of its first files. Names are not unique. */
export function createStore(project: Project, input: CreateStoreInput = {}): StoreRow {
  settle(project);
  const fileIds = [...new Set(input.fileIds ?? [])];
  const unknownIds = fileIds.filter((id) => project.files.get(id) === undefined);
  if (unknownIds.length > 0) throw filesToAttachNotFound(unknownIds);

  const nowMs = project.clock.now();
  const createdAt = input.createdAt ?? Math.floor(nowMs / 1000);
  const store: StoreRow = {
    id: project.ids.store(createdAt),
    createdAt,
    seq: project.nextSeq(),
    createdAtMs: input.createdAt === undefined ? nowMs : createdAt * 1000,
    name: input.name ?? null,
    description: input.description ?? null,
    metadata: input.metadata ?? NO_METADATA,
    expiresAfterDays: input.expiresAfterDays ?? null,
    defaultChunking: fileIds.length === 0 ? (input.chunking ?? null) : null,
    lastActiveAt: input.lastActiveAt ?? createdAt,
    isExpired: false,
    usageBytes: 0,
    counts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0 },
    attachments: new OrderedRows(),
  };
  project.stores.add(store);
  for (const fileId of fileIds) addAttachment(project, store, { fileId, chunking: input.chunking });
  scheduleStoreExpiry(project, store);
  return store;
}
