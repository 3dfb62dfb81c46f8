import { toSeconds } from '@espejo/core';
import { nextTicks } from '../connections/cron.ts';
import type { ConnectionContext } from '../context/app-context.ts';
import { countOrphans, type FileDeps } from '../files/list-files.ts';
import { asOf } from '../vector-stores/list-vector-stores.ts';
import type { Status } from './views.ts';

/** What the console's frame shows on every page. */
export async function getStatus(
  deps: ConnectionContext &
    FileDeps & {
      readonly version: string;
      readonly isScheduleEnabled: boolean;
      readonly operatorTenantId: string;
      readonly heldBack: () => string[];
    },
  input: { tenantId: string },
): Promise<Status> {
  const { tenantId } = input;
  const { read } = deps.db;
  const connections = await read.connections.list(tenantId);
  const counts = await read.vectorStoreList.countByFacet(tenantId);
  const sum = (rows: typeof counts) => rows.reduce((total, row) => total + row.count, 0);
  const latest = await Promise.all(connections.map((row) => read.syncRuns.findLatestReal(tenantId, row.id)));
  const scheduled = connections.filter((row) => deps.isScheduleEnabled && row.isEnabled && row.isSyncEnabled);
  const ticks = scheduled.flatMap((row) => nextTicks(row.syncCron, 1));
  return {
    version: deps.version,
    isSandbox: connections.some((row) => row.kind === 'sandbox'),
    storeCount: sum(counts),
    mirrorCount: sum(counts.filter((row) => row.source === 'cache')),
    primaryCount: sum(counts.filter((row) => row.source === 'primary')),
    fileCount: await read.fileList.count(tenantId),
    orphanCount: await countOrphans(deps, tenantId),
    connectionCount: connections.length,
    activeRunIds: [...deps.active.values()].filter((run) => run.tenantId === tenantId).map((run) => run.runId),
    reviewRunIds: latest.flatMap((run, i) =>
      run?.status === 'needs_review' && connections[i]?.approvedRunId !== run.id ? [run.id] : [],
    ),
    openDeletionCount: await read.deletions.countOpen(tenantId),
    // This concerns the whole installation, so only the tenant of its operators gets it.
    heldBack: tenantId === deps.operatorTenantId ? deps.heldBack() : [],
    asOf: asOf(connections, undefined),
    nextSyncAt: ticks.length === 0 ? null : Math.min(...ticks),
    now: toSeconds(deps.clock.nowMs()),
  };
}
