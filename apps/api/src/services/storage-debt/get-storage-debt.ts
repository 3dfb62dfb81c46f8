import { AppError, monthlyCostUsd, monthlySavingsUsd, monthlyShareUsd } from '@espejo/core';
import type { ConnectionRow, DebtRow } from '@espejo/db';
import type { DeletionContext } from '../context/app-context.ts';
import { DELETION_ITEMS_MAX } from '../deletion/plan/bounds.ts';
import { asOf } from '../vector-stores/list-vector-stores.ts';
import { type CategorySpec, type Cleanup, collectDebt } from './debt-categories.ts';
import type { DebtCategory, StorageDebt } from './views.ts';

const ITEMS_SHOWN = 20;
const TOP_STORES = 10;
const GB = 2 ** 30;

const NOTHING: Cleanup = { storeIds: [], fileIds: [], attachments: [], orphans: false, files: 'delete' };

/**
 * The storage debt of a tenant: what costs money or hides trouble in its mirrored projects, each kind with its size, its
 * price and one safe way out, which goes through the same plan, hash and ledger as every deletion. A disabled connection
 * costs on, but nothing can be cleaned up through it, so nothing of it is called debt. With a `connectionId` it
 * covers only that connection. Throws `connection_not_found`.
 */
export async function getStorageDebt(
  deps: DeletionContext,
  input: { readonly tenantId: string; readonly connectionId?: string | undefined },
): Promise<StorageDebt> {
  const { tenantId, connectionId } = input;
  const { read } = deps.db;
  const connections = requireNamed(await read.connections.list(tenantId), connectionId);
  const rates = await deps.ratesOf(tenantId);
  const usage = new Map<string, number>();
  for (const row of connections) usage.set(row.id, (await read.connections.totals(tenantId, row.id)).usageBytes);
  const enabled = connections.filter((row) => row.isEnabled);
  const specs = await collectDebt(deps, tenantId, enabled, connectionId);
  /** What the bill would be less by: the allowance is a project's, so bytes of one project are taken together. */
  const savingsUsd = (rows: readonly DebtRow[]): number => {
    let usd = 0;
    for (const [connectionId, group] of Map.groupBy(rows, (row) => row.connectionId ?? '')) {
      const sizeBytes = group.reduce((sum, row) => sum + row.sizeBytes, 0);
      usd += monthlySavingsUsd(sizeBytes, usage.get(connectionId) ?? 0, rates);
    }
    return cents(usd);
  };
  const costs = connections.map((row) => ({
    connectionId: row.id,
    name: row.name,
    usageBytes: usage.get(row.id) ?? 0,
    usdPerMonth: cents(monthlyCostUsd(usage.get(row.id) ?? 0, rates)),
  }));
  const top = await read.storageDebt.listLargestStores(tenantId, TOP_STORES, connectionId);
  return {
    asOf: asOf(enabled, undefined),
    isEstimate: true,
    rates: { usdPerGbDay: rates.usdPerGbDay, freeGb: rates.freeBytes / GB },
    categories: specs.map((spec) => toCategory(spec, spec.isBilled ? savingsUsd(spec.rows) : 0)),
    totalUsdPerMonth: cents(costs.reduce((sum, row) => sum + row.usdPerMonth, 0)),
    debtUsdPerMonth: savingsUsd(specs.flatMap((spec) => (spec.isBilled ? spec.rows : []))),
    connections: costs,
    topStores: top.map((row) => ({
      id: row.id,
      name: row.name,
      connectionId: row.connectionId,
      usageBytes: row.sizeBytes,
      usdPerMonth: cents(monthlyShareUsd(row.sizeBytes, usage.get(row.connectionId ?? '') ?? 0, rates)),
    })),
  };
}

function toCategory(spec: CategorySpec, usdPerMonth: number): DebtCategory {
  const { rows } = spec;
  const { cleanup } = spec;
  return {
    kind: spec.kind,
    title: spec.title,
    explanation: spec.explanation,
    count: rows.length,
    bytes: rows.reduce((sum, row) => sum + row.sizeBytes, 0),
    usdPerMonth,
    oldestAt:
      rows.length === 0 ? null : rows.reduce((oldest, row) => Math.min(oldest, row.sinceS), Number.MAX_SAFE_INTEGER),
    isComplete: spec.isComplete,
    items: rows.slice(0, ITEMS_SHOWN).map((row) => ({
      id: row.id,
      name: row.name,
      storeId: row.storeId,
      storeName: row.storeName,
      connectionId: row.connectionId,
      bytes: row.sizeBytes,
      since: row.sinceS,
      note: row.note,
    })),
    // The largest first, when there are more than one deletion may hold.
    cleanup:
      cleanup !== null && spec.isComplete && rows.length > 0
        ? { ...NOTHING, ...cleanup(rows.slice(0, DELETION_ITEMS_MAX)) }
        : null,
  };
}

function requireNamed(connections: readonly ConnectionRow[], id: string | undefined): readonly ConnectionRow[] {
  if (id === undefined) return connections;
  const named = connections.filter((row) => row.id === id);
  if (named.length === 0) throw new AppError('connection_not_found', `There is no connection with id '${id}'.`);
  return named;
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
