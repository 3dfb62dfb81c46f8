import { expect, it } from 'vitest';
import { NOW_MS } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';
import type { ApiKeyRow } from './api-keys.ts';

const ROW: ApiKeyRow = {
  tenantId: MINE,
  id: 'key_1',
  name: 'CI',
  role: 'editor',
  actions: '["read"]',
  storeIds: null,
  hash: 'a'.repeat(64),
  prefix: 'esp_12345678',
  createdBy: 'me',
  createdAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 1,
  lastUsedAtMs: null,
  revokedAtMs: null,
};

export function apiKeysSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);

  it('finds a key by its hash, as it was inserted, and by no other hash', async () => {
    await t.db.transaction((tx) => tx.apiKeys.insert(ROW));
    expect(await t.db.read.apiKeys.findByHash(ROW.hash)).toEqual(ROW);
    expect(await t.db.read.apiKeys.find(MINE, ROW.id)).toEqual(ROW);
    expect(await t.db.read.apiKeys.findByHash('b'.repeat(64))).toBeUndefined();
  });

  it('returns a key as revoked, used or expired at the next look-up', async () => {
    await t.db.transaction((tx) => tx.apiKeys.insert(ROW));
    const look = () => t.db.read.apiKeys.findByHash(ROW.hash);
    await look();
    await t.db.transaction((tx) => tx.apiKeys.touch(MINE, ROW.id, NOW_MS + 5));
    expect(await look()).toEqual({ ...ROW, lastUsedAtMs: NOW_MS + 5 });
    await t.db.transaction((tx) => tx.apiKeys.update(MINE, ROW.id, { revokedAtMs: NOW_MS, expiresAtMs: null }));
    expect(await look()).toMatchObject({ revokedAtMs: NOW_MS, expiresAtMs: null });
  });
}
