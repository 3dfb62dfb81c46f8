import type { SyncProgress } from '@espejo/core';

/* Events of running work. They are used by several subjects, so they are defined below them. */

export type DeletionStatus = 'waiting' | 'running' | 'succeeded' | 'parked' | 'cancelled';

/** A durable deletion. `parked`: some steps failed and wait for a retry; everything else is done. */
export interface Deletion {
  readonly id: string;
  readonly planHash: string;
  readonly status: DeletionStatus;
  readonly title: string;
  readonly actor: string;
  readonly trigger: 'person' | 'expiry' | 'trash' | 'api';
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly files: 'delete' | 'keep';
  readonly counts: {
    readonly stores: number;
    readonly filesToDelete: number;
    readonly filesKept: number;
    readonly attachmentsToDetach: number;
    readonly notFound: number;
  };
  readonly done: {
    readonly stores: number;
    readonly filesDeleted: number;
    readonly attachmentsDetached: number;
    readonly usageBytes: number;
  };
  readonly storesLeft: {
    readonly id: string;
    readonly name: string | null;
    readonly fileCount: number;
  }[];
  readonly steps: {
    readonly total: number;
    readonly done: number;
    readonly pending: number;
    readonly parked: number;
    readonly cancelled: number;
  };
  readonly ratePerSecond: number;
  readonly etaSeconds: number | null;
  readonly usageBytes: number;
  readonly savings: {
    readonly perMonth: number;
    readonly currency: 'USD';
  };
  readonly message: string | null;
}

export type SyncRunStatus = 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled' | 'needs_review';

/** The removals and differences of a run. The hash covers exactly these removals. */
export interface SyncPlan {
  readonly hash: string;
  readonly isInSync: boolean;
  readonly reasons: {
    readonly code: 'too_many_removals' | 'empty_listing' | 'only_unknown_ids' | 'project_changed';
    readonly kind: 'attachments' | 'files' | 'vector_stores' | 'connection';
    readonly value: number;
    readonly limit: number;
    readonly known: number;
    readonly message: string;
  }[];
  readonly stores: {
    readonly added: number;
    readonly changed: number;
    readonly missing: number;
    readonly removed: number;
    readonly removals: {
      readonly id: string;
      readonly name: string | null;
    }[];
  };
  readonly attachments: {
    readonly added: number;
    readonly changed: number;
    readonly missing: number;
    readonly removed: number;
    readonly removals: {
      readonly id: string;
      readonly name: string | null;
    }[];
  };
  readonly files: {
    readonly added: number;
    readonly changed: number;
    readonly missing: number;
    readonly removed: number;
    readonly removals: {
      readonly id: string;
      readonly name: string | null;
    }[];
  };
}

export interface SyncRun {
  readonly id: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly trigger: 'schedule' | 'manual' | 'startup' | 'approval' | 'recovery';
  readonly dryRun: boolean;
  readonly full: boolean;
  readonly status: SyncRunStatus;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly durationMs: number | null;
  readonly progress: SyncProgress;
  readonly requests: number;
  readonly rateLimited: number;
  readonly counters: {
    readonly stores: {
      readonly seen: number;
      readonly added: number;
      readonly changed: number;
      readonly returned: number;
      readonly missing: number;
      readonly removed: number;
      readonly failed: number;
    };
    readonly attachments: {
      readonly seen: number;
      readonly added: number;
      readonly changed: number;
      readonly returned: number;
      readonly missing: number;
      readonly removed: number;
      readonly failed: number;
    };
    readonly files: {
      readonly seen: number;
      readonly added: number;
      readonly changed: number;
      readonly returned: number;
      readonly missing: number;
      readonly removed: number;
      readonly failed: number;
    };
  };
  readonly isComplete: boolean;
  readonly plan: SyncPlan | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
  } | null;
  readonly approvedAt: number | null;
  readonly review: {
    readonly state: 'open' | 'approved' | 'superseded';
    readonly by: string | null;
    readonly at: number | null;
  } | null;
}

/** When a run took place and how it ended. */
export type RunSummary = Pick<
  SyncRun,
  'id' | 'status' | 'dryRun' | 'full' | 'startedAt' | 'finishedAt' | 'durationMs' | 'review'
>;
