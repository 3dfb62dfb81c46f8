import type { Action, Role } from '@espejo/core';

export interface CreateApiKeyInput {
  readonly name: string;
  readonly role: Role;
  readonly actions: readonly Action[] | null;
  readonly storeIds: readonly string[] | null;
  readonly expiresInDays: number | null;
}
