import { asSystem, type StoreSnapshot, storeFingerprint } from '@espejo/core';
import type { MirroredStore } from '@espejo/db';
import { createConnection } from '../../apps/api/src/services/connections/create-connection.ts';
import type { Services } from '../../apps/api/src/services/services.ts';

import { seededRandom } from './stats.ts';

/*
 * A hundred thousand stores as in a busy project: names of a few common words with a number, some without a
 * name, most of them completed, a tenth with an expiry, one in fifty missing, one in twenty primary, two connections.
 */
const CHUNK = 1000;
const EPOCH_S = Date.UTC(2026, 0, 1) / 1000;
const WORDS = [
  'support',
  'handbook',
  'invoices',
  'research',
  'tickets',
  'contracts',
  'release',
  'policies',
  'onboarding',
];
const TEAMS = ['finance', 'legal', 'sales', 'platform', 'people', 'growth', 'security', 'data'];

/** Search texts that are in every second name, in seven names, and in none. */
export const TEXTS = { common: 'knowledge', rare: 'zanzibar', none: 'qqqwwweee' } as const;

export async function fillStores(
  services: Services,
  storeCount: number,
): Promise<{ ms: number; connectionIds: string[] }> {
  const startedAt = performance.now();
  const { db, tenantId } = services;
  const second = await createConnection(services, {
    by: asSystem(tenantId, 'bench'),
    name: 'Second project',
    baseUrl: 'http://127.0.0.1:9/v1',
    apiKey: 'sk-second',
    organization: null,
    project: null,
    isSyncEnabled: false,
  });
  const connectionIds = ['default', second.id];
  const random = seededRandom(1);
  const nowMs = EPOCH_S * 1000;
  for (let start = 0; start < storeCount; start += CHUNK) {
    const size = Math.min(CHUNK, storeCount - start);
    const rows = Array.from({ length: size }, (_, i) => makeStore(start + i, storeCount, random));
    const connectionId = connectionIds[random() < 0.7 ? 0 : 1] ?? 'default';
    await db.transaction(async (tx) => {
      const primaries = rows.filter((_, i) => i % 20 === 0);
      for (const { snapshot } of primaries) {
        const { id, name, createdAt: createdAtS } = snapshot;
        await tx.vectorStores.insertPrimary({ tenantId, id, name, createdAtS, nowMs });
      }
      const mirrored = rows.filter((_, i) => i % 20 !== 0);
      await tx.mirrorPermits.grant(tenantId, connectionId);
      await tx.mirrorStores.upsert(tenantId, connectionId, mirrored, nowMs);
      const missing = mirrored.filter((_, i) => i % 50 === 0).map(({ snapshot }) => snapshot.id);
      await tx.mirrorStores.markMissing(tenantId, missing, nowMs);
      await tx.mirrorPermits.revoke();
    });
  }
  for (const id of connectionIds) {
    await db.transaction((tx) => tx.connections.update(tenantId, id, { storesListedAtMs: nowMs }));
  }
  return { ms: performance.now() - startedAt, connectionIds };
}

function makeStore(index: number, storeCount: number, random: () => number): MirroredStore {
  const pick = (values: readonly string[]) => values[Math.floor(random() * values.length)] ?? '';
  const createdAt = EPOCH_S - Math.floor(((storeCount - index) * 31_536_000) / storeCount);
  const total = Math.floor(random() ** 3 * 2000);
  const lastActiveAt = createdAt + Math.floor(random() * (EPOCH_S - createdAt));
  const isExpiring = random() < 0.1;
  const isRare = index % Math.ceil(storeCount / 7) === 5;
  const text = isRare ? TEXTS.rare : random() < 0.5 ? TEXTS.common : pick(WORDS);
  const status = isExpiring && random() < 0.3 ? 'expired' : random() < 0.03 ? 'in_progress' : 'completed';
  const snapshot: StoreSnapshot = {
    id: `vs_${index.toString(16).padStart(8, '0')}${Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
      .repeat(3)}`,
    name: random() < 0.05 ? null : `${pick(TEAMS)} ${text} ${pick(WORDS)} ${index}`,
    description: random() < 0.2 ? `Files of the ${pick(TEAMS)} team about ${pick(WORDS)}` : null,
    status,
    fileCounts: { in_progress: 0, completed: total, failed: 0, cancelled: 0, total },
    usageBytes: total * 20_480,
    metadata: { team: pick(TEAMS), tier: pick(['gold', 'silver']) },
    expiresAfter: isExpiring ? { anchor: 'last_active_at', days: 30 } : null,
    expiresAt: isExpiring ? lastActiveAt + 30 * 86_400 : null,
    lastActiveAt,
    createdAt,
    extra: null,
  };
  return { snapshot, fingerprint: storeFingerprint(snapshot) };
}
