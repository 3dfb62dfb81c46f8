export type DebtKind =
  | 'orphan_files'
  | 'files_in_use'
  | 'expired_stores'
  | 'empty_stores'
  | 'failed_files'
  | 'stuck_files'
  | 'ghosts'
  | 'duplicates';

/** One kind of debt, with one safe clean-up: `cleanup` goes to POST /api/deletion-plans as it is. */
export interface DebtCategory {
  readonly kind: DebtKind;
  readonly title: string;
  readonly explanation: string;
  readonly count: number;
  readonly bytes: number;
  readonly usdPerMonth: number;
  readonly oldestAt: number | null;
  readonly isComplete: boolean;
  readonly items: {
    readonly id: string;
    readonly name: string | null;
    readonly storeId: string | null;
    readonly storeName: string | null;
    readonly connectionId: string | null;
    readonly bytes: number;
    readonly since: number;
    readonly note: string | null;
  }[];
  readonly cleanup: {
    readonly storeIds: string[];
    readonly fileIds: string[];
    readonly attachments: {
      readonly storeId: string;
      readonly fileId: string;
    }[];
    readonly orphans: boolean;
    readonly connectionId?: string | undefined;
    readonly files: 'delete' | 'keep';
    readonly filter?:
      | {
          readonly source?: 'primary' | 'cache' | undefined;
          readonly status?: string | undefined;
          readonly connectionId?: string | undefined;
          readonly q?: string | undefined;
          readonly expiring?: 'soon' | 'expired' | undefined;
          readonly expiringDays?: number | undefined;
        }
      | undefined;
  } | null;
}

export interface StorageDebt {
  readonly asOf: number | null;
  readonly isEstimate: true;
  readonly rates: {
    readonly usdPerGbDay: number;
    readonly freeGb: number;
  };
  readonly categories: DebtCategory[];
  readonly totalUsdPerMonth: number;
  readonly debtUsdPerMonth: number;
  readonly connections: {
    readonly connectionId: string;
    readonly name: string;
    readonly usageBytes: number;
    readonly usdPerMonth: number;
  }[];
  readonly topStores: {
    readonly id: string;
    readonly name: string | null;
    readonly connectionId: string | null;
    readonly usageBytes: number;
    readonly usdPerMonth: number;
  }[];
}
