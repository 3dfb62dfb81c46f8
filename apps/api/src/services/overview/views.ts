import type { Connection } from '../connections/views.ts';
import type { RunSummary } from '../context/views.ts';
import type { DebtKind, StorageDebt } from '../storage-debt/views.ts';

export type AttentionKind =
  | 'breaker_open'
  | 'key_refused'
  | 'sync_failing'
  | 'stores_expiring'
  | 'failed_files'
  | 'deletions_held'
  | 'deletion_parked'
  | 'deletion_blocked'
  | 'storage_debt';

/** Something that a person should look at now. */
export interface AttentionItem {
  readonly kind: AttentionKind;
  readonly connections: { readonly id: string; readonly name: string }[];
  readonly id: string | null;
  readonly name: string | null;
  readonly count: number | null;
  readonly debt: { readonly kind: DebtKind; readonly title: string; readonly count: number }[] | null;
  readonly usdPerMonth: number | null;
  readonly status: 'needs_review' | 'failed' | 'partial' | 'parked' | 'waiting' | 'running' | null;
  readonly message: string | null;
  readonly since: number | null;
}

export interface ConnectionOverview {
  readonly id: string;
  readonly name: string;
  readonly kind: 'openai' | 'sandbox';
  readonly isEnabled: boolean;
  readonly health: Connection['health'];
  readonly lastCompleteSyncAt: number | null;
  readonly lagSeconds: number | null;
  readonly runs: RunSummary[];
}

export interface StoragePoint {
  readonly at: number;
  readonly usageBytes: number;
  readonly usdPerMonth: number;
}

export interface StorageOverview {
  readonly isEstimate: true;
  readonly storeCount: number;
  readonly fileCount: number;
  readonly usageBytes: number;
  readonly usdPerMonth: number;
  readonly connections: (StorageDebt['connections'][number] & {
    readonly storeCount: number;
    readonly fileCount: number;
  })[];
  readonly topStores: StorageDebt['topStores'];
  readonly history: StoragePoint[];
  readonly forecast: StoragePoint | null;
}

/** What the first page of the console shows. */
export interface Overview {
  readonly now: number;
  readonly asOf: number | null;
  readonly attention: AttentionItem[];
  readonly parkedDeletionCount: number;
  readonly connections: ConnectionOverview[];
  readonly storage: StorageOverview;
}
