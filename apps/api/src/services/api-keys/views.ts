import type { Action, Role } from '@espejo/core';

/** A key as its tenant sees it: never the key itself. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Null: everything its role allows. */
  readonly actions: readonly Action[] | null;
  /** Null: every store. */
  readonly storeIds: readonly string[] | null;
  readonly prefix: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  readonly state: 'active' | 'expired' | 'revoked';
}

/** A key that was just made; it is shown this once. */
export interface CreatedApiKey extends ApiKey {
  readonly key: string;
}
