export interface Transfer {
  readonly id: string;
  readonly kind: 'adopt' | 'publish';
  readonly status: 'running' | 'parked' | 'succeeded' | 'cancelled';
  readonly phase: 'listing' | 'copying' | 'indexing' | 'finishing' | 'done';
  readonly source: {
    readonly id: string;
    readonly name: string | null;
  };
  readonly target: {
    readonly id: string | null;
    readonly name: string | null;
  };
  readonly connectionId: string;
  readonly counts: {
    readonly expected: number;
    readonly copied: number;
    readonly written: number;
    readonly failed: number;
    readonly skipped: number;
  };
  readonly isFinishable: boolean;
  readonly notes: string[];
  readonly reason: string | null;
  readonly actor: string;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

export interface TransferPage {
  readonly data: Transfer[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}

export interface TransferItem {
  readonly id: string;
  readonly sourceFileId: string;
  readonly filename: string;
  readonly state: 'copying' | 'done' | 'copied' | 'failed' | 'skipped' | 'waiting';
  readonly targetFileId: string | null;
  readonly reason: string | null;
}

export interface TransferItemPage {
  readonly data: TransferItem[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}

/** What a transfer would do, as far as it is known beforehand. */
export interface TransferPreview {
  readonly kind: 'adopt' | 'publish';
  readonly sourceStoreId: string;
  readonly name: string | null;
  readonly fileCount: number;
  readonly skippedCount: number;
  readonly sizeBytes: number;
  readonly requests: number;
  readonly monthlyCostUsd: number | null;
  readonly notes: string[];
}
