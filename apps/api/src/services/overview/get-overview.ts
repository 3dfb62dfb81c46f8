import { toSeconds } from '@espejo/core';
import type { ConnectionRow } from '@espejo/db';
import type { DeletionContext, VectorStoreContext } from '../context/app-context.ts';
import { getStorageDebt } from '../storage-debt/get-storage-debt.ts';
import { asOf, toStoreFilter } from '../vector-stores/list-vector-stores.ts';
import { breakerItem, debtItem, deletionItem, heldItems, storeItems, syncItems } from './attention-items.ts';
import { presentHistory, readHistory } from './connection-history.ts';
import { type MirrorTotals, presentStorage } from './storage-overview.ts';
import type { AttentionItem, Overview } from './views.ts';

/** The newest parked deletions are named; `parkedDeletionCount` has how many there are. */
const PARKED_SHOWN = 10;

type OverviewContext = DeletionContext &
  VectorStoreContext & { readonly operatorTenantId: string; readonly heldBack: () => string[] };

/**
 * What needs attention now, the health of each connection, and storage with its cost. Every figure is that of the list
 * which explains it, from the same query: the stores of a filter, the debt and the bill of one connection.
 */
export async function getOverview(deps: OverviewContext, input: { readonly tenantId: string }): Promise<Overview> {
  const { tenantId } = input;
  const { read } = deps.db;
  const nowMs = deps.clock.nowMs();
  const connections = await read.connections.list(tenantId);
  const histories = await Promise.all(connections.map((row) => readHistory(deps, tenantId, row)));
  const reports = await Promise.all(connections.map((row) => getStorageDebt(deps, { tenantId, connectionId: row.id })));
  const expiring = await read.vectorStoreList.countByFacet(tenantId, toStoreFilter(deps, { expiring: 'soon' }));
  const failed = await read.vectorStoreList.countByFacet(tenantId, toStoreFilter(deps, { status: 'failed_files' }));
  const deletions = await listDeletionItems(deps, tenantId, connections);
  const totals: MirrorTotals[] = [];
  for (const [index, row] of connections.entries()) {
    const report = reports[index];
    if (report === undefined) continue;
    const { storeCount, fileCount } = await read.connections.totals(tenantId, row.id);
    totals.push({ storeCount, fileCount, report });
  }
  return {
    now: toSeconds(nowMs),
    asOf: asOf(
      connections.filter((row) => row.isEnabled),
      undefined,
    ),
    attention: [
      ...(await listBreakerItems(deps, tenantId, connections)),
      ...histories.flatMap(syncItems),
      // It concerns the whole installation, so only the tenant of its operators gets it.
      ...heldItems(tenantId === deps.operatorTenantId ? deps.heldBack() : []),
      ...deletions.items,
      ...storeItems('failed_files', failed, connections),
      ...storeItems('stores_expiring', expiring, connections),
      ...connections.flatMap((row, index) => {
        const report = reports[index];
        return (report === undefined ? null : debtItem(row, report)) ?? [];
      }),
    ],
    parkedDeletionCount: deletions.parkedCount,
    connections: await Promise.all(histories.map((history) => presentHistory(deps, history))),
    storage: presentStorage({
      storeCount: (await read.vectorStoreList.countByFacet(tenantId)).reduce((sum, row) => sum + row.count, 0),
      fileCount: await read.fileList.count(tenantId),
      totals,
      snapshots: await read.storageSnapshots.list(tenantId),
      rates: await deps.ratesOf(tenantId),
      nowMs,
    }),
  };
}

/** The runs that wait for a person: the same as in the status of the frame. */
async function listBreakerItems(
  deps: Pick<OverviewContext, 'db'>,
  tenantId: string,
  connections: readonly ConnectionRow[],
): Promise<AttentionItem[]> {
  const items: AttentionItem[] = [];
  for (const row of connections) {
    const run = await deps.db.read.syncRuns.findLatestReal(tenantId, row.id);
    if (run?.status === 'needs_review' && row.approvedRunId !== run.id) items.push(breakerItem(row, run));
  }
  return items;
}

async function listDeletionItems(
  deps: Pick<OverviewContext, 'db'>,
  tenantId: string,
  connections: readonly ConnectionRow[],
): Promise<{ readonly items: AttentionItem[]; readonly parkedCount: number }> {
  const { deletions, deletionSteps } = deps.db.read;
  const parked = await deletions.list({ tenantId, status: 'parked', after: undefined, limit: PARKED_SHOWN });
  const items: AttentionItem[] = [];
  for (const row of [...parked.rows, ...(await deletions.listOpen(tenantId))]) {
    const ids = await deletionSteps.listUnfinishedConnections(tenantId, row.id);
    const item = deletionItem(
      row,
      connections.filter(({ id }) => ids.includes(id)),
    );
    if (item !== null) items.push(item);
  }
  return { items, parkedCount: parked.total };
}
