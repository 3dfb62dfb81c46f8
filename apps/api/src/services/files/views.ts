export interface FileRow {
  readonly id: string;
  readonly source: 'primary' | 'cache';
  readonly connectionId: string | null;
  readonly filename: string;
  readonly bytes: number | null;
  readonly purpose: string;
  readonly status: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastSyncedAt: number | null;
  readonly missingSince: number | null;
  readonly attachmentCount: number;
  readonly attachedTo: {
    readonly vectorStoreId: string;
    readonly vectorStoreName: string | null;
    readonly status: string;
  }[];
  readonly orphan: 'unknown' | 'yes' | 'no' | 'too_fresh' | 'not_applicable';
  readonly extra: Readonly<Record<string, unknown>> | null;
}

export interface FileDetail {
  readonly id: string;
  readonly source: 'primary' | 'cache';
  readonly connectionId: string | null;
  readonly filename: string;
  readonly bytes: number | null;
  readonly purpose: string;
  readonly status: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastSyncedAt: number | null;
  readonly missingSince: number | null;
  readonly attachmentCount: number;
  readonly orphan: 'unknown' | 'yes' | 'no' | 'too_fresh' | 'not_applicable';
  readonly extra: Readonly<Record<string, unknown>> | null;
  readonly attachedTo: {
    readonly vectorStoreId: string;
    readonly vectorStoreName: string | null;
    readonly status: string;
  }[];
}

export interface FilePage {
  readonly data: FileRow[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
  readonly isOrphanReportComplete: boolean;
  readonly orphanCount: number;
  readonly orphanBytes: number;
}
