import type { OrderedRow, OrderedRows } from './ordered-rows.ts';

type AttachmentStatus = 'in_progress' | 'completed' | 'failed' | 'cancelled';

export type Metadata = Readonly<Record<string, string>>;
export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface FileCounts {
  in_progress: number;
  completed: number;
  failed: number;
  cancelled: number;
}

export interface LastError {
  readonly code: 'server_error' | 'unsupported_file' | 'invalid_file';
  readonly message: string;
}

/**
 * `other` marks files indexed before chunking could be chosen. `auto` is resolved to the default before it is stored.
 */
export type Chunking =
  | { readonly type: 'static'; readonly maxTokens: number; readonly overlapTokens: number }
  | { readonly type: 'other' };

export const AUTO_CHUNKING: Chunking = { type: 'static', maxTokens: 800, overlapTokens: 400 };
export const NO_ATTRIBUTES: Attributes = Object.freeze({});
export const NO_METADATA: Metadata = Object.freeze({});

export interface StoreRow extends OrderedRow {
  readonly createdAtMs: number;
  name: string | null;
  description: string | null;
  metadata: Metadata;
  expiresAfterDays: number | null;
  /** For files that are attached without a strategy of their own; null: auto. */
  readonly defaultChunking: Chunking | null;
  lastActiveAt: number;
  isExpired: boolean;
  usageBytes: number;
  /** Stored beside the attachments, as upstream does: with a ghost the two differ. */
  readonly counts: FileCounts;
  readonly attachments: OrderedRows<AttachmentRow>;
}

/** A file attached to a store; its id is the file's. */
export interface AttachmentRow extends OrderedRow {
  status: AttachmentStatus;
  usageBytes: number;
  lastError: LastError | null;
  attributes: Attributes;
  readonly chunking: Chunking;
}

export interface FileRow extends OrderedRow {
  readonly filename: string;
  readonly bytes: number;
  readonly purpose: string;
  readonly expiresAt: number | null;
  /** Null for seeded files: their text is made from their id on demand. */
  readonly content: Uint8Array | null;
}

export interface BatchRow {
  readonly id: string;
  readonly createdAt: number;
  readonly storeId: string;
  /** In id order: they have the same second, and upstream lists such ties by id whatever order is requested. */
  readonly members: readonly AttachmentRow[];
  isCancelled: boolean;
}

export type UploadStatus = 'pending' | 'completed' | 'cancelled' | 'expired';

export interface UploadRow {
  readonly id: string;
  readonly createdAt: number;
  readonly filename: string;
  readonly bytes: number;
  readonly purpose: string;
  readonly mimeType: string;
  readonly expiresAt: number;
  readonly fileExpiresAfterSeconds: number | null;
  readonly parts: Map<string, Uint8Array>;
  status: 'pending' | 'completed' | 'cancelled';
  file: FileRow | null;
}

/** The `expires_at` of a store: its last activity and the days of its policy. */
export function storeExpiresAt(store: StoreRow): number | null {
  return store.expiresAfterDays === null ? null : store.lastActiveAt + store.expiresAfterDays * 86_400;
}

export function totalCount(counts: FileCounts): number {
  return counts.in_progress + counts.completed + counts.failed + counts.cancelled;
}

/** A tool besides vector stores that has files: a code interpreter container, or an assistant. */
export interface ToolRow {
  readonly id: string;
  readonly kind: 'container' | 'assistant';
  readonly name: string;
  readonly createdAt: number;
  readonly fileIds: readonly string[];
}
