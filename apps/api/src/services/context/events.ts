import type { SyncProgress } from '@espejo/core';
import type { AttachmentStatus, IngestionError } from '@espejo/db';
import { createHub, type Hub } from '../hub.ts';
import type { Deletion, SyncRun } from './views.ts';

export type RunEvent =
  | { readonly type: 'progress'; readonly data: SyncProgress }
  | { readonly type: 'end'; readonly data: SyncRun };
export type RunHub = Hub<RunEvent>;

export function createRunHub(): RunHub {
  return createHub<RunEvent>();
}

export type DeletionEvent = { readonly type: 'progress' | 'end'; readonly data: Deletion };
export type DeletionHub = Hub<DeletionEvent>;

export function createDeletionHub(): DeletionHub {
  return createHub<DeletionEvent>();
}

/** The progress of one attachment. */
export interface IngestionEvent {
  readonly storeId: string;
  readonly fileId: string;
  /** Null: it was detached. */
  readonly status: AttachmentStatus | null;
  /** While it is in progress: the stage, and how many of its chunks are embedded. */
  readonly phase: 'waiting' | 'parsing' | 'embedding' | 'indexing' | null;
  readonly doneChunks: number;
  readonly totalChunks: number;
  readonly lastError: IngestionError | null;
}

/** File events by store id. */
export type IngestionHub = Hub<IngestionEvent>;

export function createIngestionHub(): IngestionHub {
  return createHub<IngestionEvent>();
}

/** An event with a status and nothing else. */
export function statusEvent(
  storeId: string,
  fileId: string,
  status: IngestionEvent['status'],
  lastError: IngestionError | null = null,
): IngestionEvent {
  const phase = status === 'in_progress' ? 'waiting' : null;
  return { storeId, fileId, status, phase, doneChunks: 0, totalChunks: 0, lastError };
}
