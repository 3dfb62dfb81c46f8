import type { VectorStoreFilter } from '../../vector-stores/inputs.ts';

/** What to delete. At least one of storeIds, fileIds, orphans or filter; `filter` means every store that matches it now. */
export interface PlanDeletionInput {
  readonly storeIds: string[];
  readonly fileIds: string[];
  readonly attachments: {
    readonly storeId: string;
    readonly fileId: string;
  }[];
  readonly orphans: boolean;
  readonly connectionId?: string | undefined;
  readonly files: 'delete' | 'keep';
  readonly filter?: VectorStoreFilter | undefined;
  /** Stores that the filter matches and that stay. */
  readonly exceptStoreIds?: string[] | undefined;
  readonly restOf?: string | undefined;
}
