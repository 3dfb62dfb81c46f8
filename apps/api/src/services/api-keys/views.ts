import type { Action, Role } from '@espejo/core';

/** An API key as its tenant sees it, without its text. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Null: every action that its role allows. */
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

/** A new key with its text, which is shown only once. */
export interface CreatedApiKey extends ApiKey {
  readonly key: string;
}
