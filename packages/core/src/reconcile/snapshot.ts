import type { JsonObject, StoreFieldValues } from './store-fields.ts';

/**
 * A row of a listing with Espejo's field names. Inner objects (`fileCounts`, `metadata`, `attributes`, …) keep
 * upstream's keys and values; instants are upstream's unix seconds. `extra` holds every field that this version does
 * not know, as received, so that nothing of a newer API is lost.
 */

/**
 * A vector store with the fields of `STORE_FIELDS`. `status` is in_progress, completed or expired; an unknown status is
 * kept raw.
 */
export interface StoreSnapshot extends StoreFieldValues {
  readonly id: string;
  readonly extra: JsonObject | null;
}

export interface AttachmentSnapshot {
  readonly fileId: string;
  /** in_progress | completed | failed | cancelled today; an unknown status is kept raw. */
  readonly status: string;
  /** Absent on rows of a batch that upstream has not finished. */
  readonly usageBytes: number | null;
  readonly createdAt: number;
  readonly lastError: JsonObject | null;
  readonly chunkingStrategy: JsonObject | null;
  readonly attributes: JsonObject | null;
  readonly extra: JsonObject | null;
}

export interface FileSnapshot {
  readonly id: string;
  readonly filename: string;
  /** Null while upstream does not know the size yet. */
  readonly bytes: number | null;
  readonly purpose: string;
  readonly status: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly extra: JsonObject | null;
}
