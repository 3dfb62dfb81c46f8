import type { ExpiryPolicy, JsonObject, StoreFieldValues } from '@espejo/core';

/** One store in the form of lists. Inner objects keep OpenAI's own keys; instants are unix seconds. */
export interface VectorStore extends StoreFieldValues {
  readonly id: string;
  readonly source: 'primary' | 'cache';
  readonly backend: string;
  readonly connectionId: string | null;
  readonly expiryPolicy: ExpiryPolicy | null;
  readonly expiryState: 'soon' | 'expired' | 'none' | 'counting';
  readonly expiryText: string;
  readonly lastSyncedAt: number | null;
  readonly missingSince: number | null;
}

export interface VectorStoreDetail extends VectorStore {
  readonly readOnlyReason: string | null;
  readonly filesListedAt: number | null;
  readonly filesListingComplete: boolean;
  readonly listedFileCount: number;
  readonly ghostCount: number;
  readonly extra: JsonObject | null;
  readonly usedBy: {
    readonly agentKey: string;
    readonly mode: 'default' | 'required';
  }[];
  readonly unfinishedDeletion: {
    readonly id: string;
    readonly status: 'waiting' | 'running' | 'parked' | 'cancelled';
    readonly finishedAt: number | null;
    readonly detachedCount: number;
  } | null;
  readonly trashedAt: number | null;
  readonly purgeAt: number | null;
}

export interface VectorStorePage {
  readonly data: VectorStore[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}

/** Counts of each facet's values, under the other active filters. */
export interface VectorStoreFacets {
  readonly source: Readonly<Record<string, number>>;
  readonly status: Readonly<Record<string, number>>;
  readonly connectionId: Readonly<Record<string, number>>;
  readonly missing: number;
  readonly failedFiles: number;
}

export interface StoreFilePage {
  readonly data: {
    readonly id: string;
    readonly vectorStoreId: string;
    readonly filename: string | null;
    readonly bytes: number | null;
    readonly purpose: string | null;
    readonly status: string;
    readonly usageBytes: number | null;
    readonly createdAt: number;
    readonly lastError: Readonly<Record<string, unknown>> | null;
    readonly gaps: string[] | null;
    readonly chunkingStrategy: Readonly<Record<string, unknown>> | null;
    readonly attributes: Readonly<Record<string, unknown>> | null;
    readonly isGhost: boolean;
    readonly missingSince: number | null;
    readonly extra: Readonly<Record<string, unknown>> | null;
  }[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
  readonly isComplete: boolean;
}

export interface StoreHistoryPage {
  readonly data: {
    readonly id: string;
    readonly runId: string;
    readonly at: number;
    readonly action: 'failed' | 'missing' | 'added' | 'changed' | 'returned' | 'removed';
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
  }[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}

export interface ExtendResult {
  readonly extended: {
    readonly id: string;
    readonly name: string | null;
    readonly expiryPolicy: ExpiryPolicy;
    readonly expiresAtBefore: number | null;
    readonly expiresAt: number | null;
    readonly wasExpired: boolean;
  }[];
  readonly refused: {
    readonly id: string;
    readonly name: string | null;
    readonly code: string;
    readonly message: string;
  }[];
}
