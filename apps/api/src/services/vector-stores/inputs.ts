import type { WrittenExpiryPolicy } from '../expiry/inputs.ts';

export interface CreateVectorStoreInput {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly expiryPolicy?: WrittenExpiryPolicy | null | undefined;
  readonly expiresAfter?:
    | {
        readonly anchor: 'last_active_at';
        readonly days: number;
      }
    | null
    | undefined;
}

export interface UpdateVectorStoreInput {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly expiryPolicy?: WrittenExpiryPolicy | null | undefined;
  readonly expiresAfter?:
    | {
        readonly anchor: 'last_active_at';
        readonly days: number;
      }
    | null
    | undefined;
}

/**
 * Filters of the stores list; `status=missing` finds stores absent from the last complete listing, `status=failed_files`
 * stores with failed files.
 */
export interface VectorStoreFilter {
  readonly source?: 'primary' | 'cache' | undefined;
  readonly status?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly q?: string | undefined;
  readonly expiring?: 'soon' | 'expired' | undefined;
  readonly expiringDays?: number | undefined;
}

export interface ListVectorStoresQuery {
  readonly limit: number;
  readonly sort: 'name' | 'status' | 'createdAt' | 'usageBytes' | 'files' | 'lastActiveAt' | 'expiresAt';
  readonly order: 'asc' | 'desc';
  readonly cursor?: string | undefined;
  readonly source?: 'primary' | 'cache' | undefined;
  readonly status?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly q?: string | undefined;
  readonly expiring?: 'soon' | 'expired' | undefined;
  readonly expiringDays?: number | undefined;
}

export interface ListStoreFilesQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly status?: string | undefined;
  readonly q?: string | undefined;
}

export interface ExtendVectorStoresInput {
  readonly storeIds?: string[] | undefined;
  readonly filter?: VectorStoreFilter | undefined;
  /** Stores that the filter matches and that stay as they are. */
  readonly exceptStoreIds?: string[] | undefined;
  readonly days?: number | undefined;
  readonly policy?: WrittenExpiryPolicy | undefined;
}
