import type { Deletion } from '../context/views.ts';

/**
 * The whole consequence of a deletion, read from the live upstream, before anything is deleted. Lists hold the first
 * rows; counts are exact.
 */
export interface DeletionPlan {
  readonly planHash: string;
  readonly createdAt: number;
  readonly files: 'delete' | 'keep';
  readonly severity: 'low' | 'medium' | 'high';
  readonly counts: {
    readonly stores: number;
    readonly filesToDelete: number;
    readonly filesKept: number;
    readonly attachmentsToDetach: number;
    readonly notFound: number;
  };
  readonly connections: {
    readonly connectionId: string | null;
    readonly name: string | null;
    readonly counts: {
      readonly stores: number;
      readonly filesToDelete: number;
      readonly filesKept: number;
      readonly attachmentsToDetach: number;
    };
    readonly usageBytes: number;
    readonly fileBytes: number;
  }[];
  readonly stores: {
    readonly id: string;
    readonly name: string | null;
    readonly source: 'primary' | 'cache';
    readonly connectionId: string | null;
    readonly fileCount: number;
    readonly usageBytes: number;
    readonly lastActiveAt: number | null;
    readonly usedBy: {
      readonly agentKey: string;
      readonly mode: 'default' | 'required';
    }[];
  }[];
  readonly agents: {
    readonly agentKey: string;
    readonly mode: 'default' | 'required';
    readonly storeCount: number;
  }[];
  readonly agentCount: number;
  readonly filesToDelete: {
    readonly id: string;
    readonly connectionId: string | null;
    readonly filename: string | null;
    readonly bytes: number | null;
    readonly createdAt: number | null;
  }[];
  readonly filesKept: {
    readonly id: string;
    readonly connectionId: string | null;
    readonly filename: string | null;
    readonly bytes: number | null;
    readonly createdAt: number | null;
    readonly reason:
      | 'shared'
      | 'other_tenant'
      | 'too_fresh'
      | 'user_data'
      | 'used_by_tool'
      | 'keep_requested'
      | 'not_found';
    readonly message: string;
    readonly sharedWith: {
      readonly id: string;
      readonly name: string | null;
    }[];
  }[];
  readonly usageBytes: number;
  readonly fileBytes: number;
  readonly savings: {
    readonly perMonth: number;
    readonly currency: 'USD';
  };
  readonly isUndoable: boolean;
  readonly consequences: string[];
  readonly warnings: {
    readonly code: string;
    readonly message: string;
  }[];
  readonly requestsNeeded: number;
}

export interface DeletionPage {
  readonly data: Deletion[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}

export interface DeletionStepPage {
  readonly data: {
    readonly id: string;
    readonly kind: 'detach' | 'delete_file' | 'delete_store';
    readonly storeId: string | null;
    readonly fileId: string | null;
    readonly name: string | null;
    readonly state: 'parked' | 'cancelled' | 'done' | 'pending';
    readonly attempts: number;
    readonly reason: string | null;
    readonly finishedAt: number | null;
    readonly snapshot: Readonly<Record<string, unknown>> | null;
  }[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}
