import type { SyncRun } from '../../context/views.ts';

export interface SyncRunPage {
  readonly data: SyncRun[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}

/** One entry of a store's history: the differences that one sync run found. */
export interface StoreHistoryEntry {
  readonly id: string;
  readonly runId: string;
  readonly at: number;
  readonly action: 'failed' | 'added' | 'changed' | 'missing' | 'removed' | 'returned';
  readonly fields: {
    readonly field: string;
    readonly before: unknown;
    readonly after: unknown;
  }[];
  readonly filesAdded: number;
  readonly filesChanged: number;
  readonly filesRemoved: number;
  readonly filesMissing: number;
  readonly fileIds: {
    readonly added: string[];
    readonly changed: string[];
    readonly removed: string[];
    readonly missing: string[];
  };
  readonly message: string | null;
}

export interface SyncChangePage {
  readonly data: {
    readonly id: string;
    readonly runId: string;
    readonly at: number;
    readonly action: 'failed' | 'added' | 'changed' | 'missing' | 'removed' | 'returned';
    readonly fields: {
      readonly field: string;
      readonly before: unknown;
      readonly after: unknown;
    }[];
    readonly filesAdded: number;
    readonly filesChanged: number;
    readonly filesRemoved: number;
    readonly filesMissing: number;
    readonly fileIds: {
      readonly added: string[];
      readonly changed: string[];
      readonly removed: string[];
      readonly missing: string[];
    };
    readonly message: string | null;
    readonly storeId: string | null;
    readonly storeName: string | null;
  }[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}
