import { type DebtCategory, type DebtKind, LIMITS, type StorageDebt } from '@espejo/contracts';
import { monthlyCostUsd, monthlySavingsUsd, monthlyShareUsd } from '@espejo/core';
import type { ConnectionRow, DebtRow } from '@espejo/db';
import type { DeletionDeps } from '../deletion/deletion-deps.ts';
import { asOf } from '../vector-stores/list-vector-stores.ts';

/** A file in progress for longer than this does not get ready by itself any more. */
const STUCK_AFTER_S = 24 * 3600;
const ITEMS_SHOWN = 20;
const TOP_STORES = 10;
const GB = 2 ** 30;

type Cleanup = NonNullable<DebtCategory['cleanup']>;
const NOTHING: Cleanup = { storeIds: [], fileIds: [], attachments: [], orphans: false, files: 'delete' };

interface CategorySpec {
  readonly kind: DebtKind;
  readonly title: string;
  readonly explanation: string;
  readonly rows: readonly DebtRow[];
  /** Whether its bytes are indexed ones, which OpenAI bills. */
  readonly isBilled: boolean;
  /** Connections whose listings it depends on. */
  readonly isComplete: boolean;
  /** Goes to the deletion plans as it is. */
  readonly cleanup: (rows: readonly DebtRow[]) => Partial<Cleanup>;
}

/**
 * The storage debt of a tenant: what costs money or hides trouble, each kind with its size, its price and one safe way
 * out, which goes through the same plan, hash and ledger as every deletion. Nothing is called an orphan unless every
 * listing that says so was complete.
 */
export async function getStorageDebt(deps: DeletionDeps, input: { tenantId: string }): Promise<StorageDebt> {
  const { tenantId } = input;
  const { read } = deps.db;
  const connections = await read.connections.list(tenantId);
  const rates = await deps.ratesOf(tenantId);
  const usage = new Map<string, number>();
  for (const row of connections) usage.set(row.id, (await read.connections.totals(tenantId, row.id)).usageBytes);
  const isComplete = await areListingsComplete(deps, connections);

  const categories = (await collect(deps, tenantId, connections, isComplete)).map((spec) =>
    toCategory(spec, usage, rates),
  );
  const costs = connections.map((row) => ({
    connectionId: row.id,
    name: row.name,
    usageBytes: usage.get(row.id) ?? 0,
    usdPerMonth: cents(monthlyCostUsd(usage.get(row.id) ?? 0, rates)),
  }));
  const top = await read.storageDebt.listLargestStores(tenantId, TOP_STORES);
  return {
    asOf: asOf(connections, undefined),
    isEstimate: true,
    rates: { usdPerGbDay: rates.usdPerGbDay, freeGb: rates.freeBytes / GB },
    categories,
    totalUsdPerMonth: cents(costs.reduce((sum, row) => sum + row.usdPerMonth, 0)),
    debtUsdPerMonth: cents(categories.reduce((sum, category) => sum + category.usdPerMonth, 0)),
    connections: costs,
    topStores: top.map((row) => ({
      id: row.id,
      name: row.name,
      usageBytes: row.sizeBytes,
      usdPerMonth: cents(monthlyShareUsd(row.sizeBytes, usage.get(row.connectionId ?? '') ?? 0, rates)),
    })),
  };
}

async function collect(
  deps: DeletionDeps,
  tenantId: string,
  connections: readonly ConnectionRow[],
  isComplete: boolean,
): Promise<CategorySpec[]> {
  const { storageDebt } = deps.db.read;
  const nowS = Math.floor(deps.clock.nowMs() / 1000);
  const settledS = nowS - deps.orphanGraceS;
  const ghosts: DebtRow[] = [];
  for (const row of connections) {
    // Before the project's files were ever listed, an unknown file is no ghost.
    if (row.filesListedAtMs !== null) ghosts.push(...(await storageDebt.listGhosts(tenantId, row.id)));
  }
  const stores = (rows: readonly DebtRow[]): Partial<Cleanup> => ({
    storeIds: rows.map((row) => row.id),
    files: 'delete',
  });
  const memberships = (rows: readonly DebtRow[]): Partial<Cleanup> => ({
    attachments: rows.map((row) => ({ storeId: row.storeId ?? '', fileId: row.id.slice(row.id.indexOf('/') + 1) })),
  });
  return [
    {
      kind: 'orphan_files',
      title: 'Orphan files',
      explanation: 'In no vector store, so no search can find them. Mostly left behind when their store was deleted.',
      rows: await storageDebt.listOrphans(tenantId, settledS),
      isBilled: false,
      isComplete,
      cleanup: () => ({ orphans: true }),
    },
    {
      kind: 'expired_stores',
      title: 'Expired stores',
      explanation: 'No longer searchable, still listed, and their files still there.',
      rows: await storageDebt.listExpiredStores(tenantId),
      isBilled: true,
      isComplete,
      cleanup: stores,
    },
    {
      kind: 'empty_stores',
      title: 'Empty stores',
      explanation: 'Hold no file and answer every search with nothing.',
      rows: await storageDebt.listEmptyStores(tenantId, settledS),
      isBilled: true,
      isComplete,
      cleanup: stores,
    },
    {
      kind: 'failed_files',
      title: 'Failed files',
      explanation: 'Attached, but never indexed: searches do not see them. Detach them, or upload them again.',
      rows: await storageDebt.listUnhealthy(tenantId, 'failed', nowS),
      isBilled: false,
      isComplete,
      cleanup: memberships,
    },
    {
      kind: 'stuck_files',
      title: 'Stuck files',
      explanation: 'In progress for more than a day. They do not get ready by themselves any more.',
      rows: await storageDebt.listUnhealthy(tenantId, 'in_progress', nowS - STUCK_AFTER_S),
      isBilled: false,
      isComplete,
      cleanup: memberships,
    },
    {
      kind: 'ghosts',
      title: 'Ghosts',
      explanation: 'Attached to a store, but the file itself is gone. They are counted and never found.',
      rows: ghosts,
      isBilled: true,
      isComplete,
      cleanup: memberships,
    },
    {
      kind: 'duplicates',
      title: 'Duplicate files',
      explanation: 'In no store, and of the same name and size as a file that a store does hold.',
      rows: await storageDebt.listDuplicates(tenantId, settledS),
      isBilled: false,
      isComplete,
      cleanup: (rows) => ({ fileIds: rows.map((row) => row.id) }),
    },
  ];
}

function toCategory(
  spec: CategorySpec,
  usage: ReadonlyMap<string, number>,
  rates: Awaited<ReturnType<DeletionDeps['ratesOf']>>,
): DebtCategory {
  const { rows } = spec;
  let usd = 0;
  if (spec.isBilled) {
    for (const [connectionId, group] of Map.groupBy(rows, (row) => row.connectionId)) {
      if (connectionId === null) continue;
      const sizeBytes = group.reduce((sum, row) => sum + row.sizeBytes, 0);
      usd += monthlySavingsUsd(sizeBytes, usage.get(connectionId) ?? 0, rates);
    }
  }
  const canClean = spec.isComplete && rows.length > 0;
  return {
    kind: spec.kind,
    title: spec.title,
    explanation: spec.explanation,
    count: rows.length,
    bytes: rows.reduce((sum, row) => sum + row.sizeBytes, 0),
    usdPerMonth: cents(usd),
    oldestAt:
      rows.length === 0 ? null : rows.reduce((oldest, row) => Math.min(oldest, row.sinceS), Number.MAX_SAFE_INTEGER),
    isComplete: spec.isComplete,
    items: rows.slice(0, ITEMS_SHOWN).map((row) => ({
      id: row.id,
      name: row.name,
      storeId: row.storeId,
      storeName: row.storeName,
      bytes: row.sizeBytes,
      since: row.sinceS,
      note: row.note,
    })),
    // The largest first, where there are more than one deletion may hold.
    cleanup: canClean ? { ...NOTHING, ...spec.cleanup(rows.slice(0, LIMITS.deletionItemsMax)) } : null,
  };
}

async function areListingsComplete(deps: DeletionDeps, connections: readonly ConnectionRow[]): Promise<boolean> {
  for (const row of connections) {
    if (row.storesListedAtMs === null || row.filesListedAtMs === null) return false;
    if (await deps.db.read.mirrorStores.hasUnlisted(row.tenantId, row.id)) return false;
  }
  return connections.length > 0;
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
