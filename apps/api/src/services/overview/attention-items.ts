import { toSeconds } from '@espejo/core';
import type { ConnectionRow, DeletionRow, FacetCount } from '@espejo/db';
import type { StorageDebt } from '../storage-debt/views.ts';
import type { ConnectionHistory } from './connection-history.ts';
import type { AttentionItem, AttentionKind } from './views.ts';

const NOTHING: Omit<AttentionItem, 'kind'> = {
  connections: [],
  id: null,
  name: null,
  count: null,
  debt: null,
  usdPerMonth: null,
  status: null,
  message: null,
  since: null,
};

type Named = Pick<ConnectionRow, 'id' | 'name'>;

function itemOf(kind: AttentionKind, connections: readonly Named[], fields: Partial<AttentionItem>): AttentionItem {
  return { ...NOTHING, kind, connections: connections.map(({ id, name }) => ({ id, name })), ...fields };
}

/** What is wrong with the syncs of a connection: a refused key explains the failed runs, so those are not named too. */
export function syncItems({ row, runs }: ConnectionHistory): AttentionItem[] {
  if (!row.isEnabled) return [];
  if (row.healthStatus === 'unauthorized' || row.healthStatus === 'forbidden') {
    const since = row.healthCheckedAtMs === null ? null : toSeconds(row.healthCheckedAtMs);
    return [itemOf('key_refused', [row], { message: row.healthMessage, since })];
  }
  const ended = runs.filter((run) => !run.isDryRun && run.status !== 'running' && run.status !== 'cancelled');
  const firstGood = ended.findIndex((run) => run.status !== 'failed' && run.status !== 'partial');
  const failing = firstGood === -1 ? ended : ended.slice(0, firstGood);
  const [newest] = failing;
  const oldest = failing.at(-1);
  if (newest === undefined || oldest === undefined) return [];
  return [
    itemOf('sync_failing', [row], {
      id: newest.id,
      status: newest.status === 'partial' ? 'partial' : 'failed',
      message: newest.errorMessage,
      since: toSeconds(oldest.startedAtMs),
    }),
  ];
}

/** One item for each connection with such stores, and one for primary stores. */
export function storeItems(
  kind: 'stores_expiring' | 'failed_files',
  counts: readonly FacetCount[],
  connections: readonly Named[],
): AttentionItem[] {
  const sum = (rows: readonly FacetCount[]) => rows.reduce((total, row) => total + row.count, 0);
  const mirrored = connections.map((connection) => ({
    named: [connection],
    count: sum(counts.filter((row) => row.connectionId === connection.id)),
  }));
  const primary = { named: [], count: sum(counts.filter((row) => row.source === 'primary')) };
  return [...mirrored, primary]
    .filter(({ count }) => count > 0)
    .map(({ named, count }) => itemOf(kind, named, { count }));
}

export function breakerItem(
  connection: Named,
  run: { readonly id: string; readonly errorMessage: string | null; readonly startedAtMs: number },
): AttentionItem {
  return itemOf('breaker_open', [connection], {
    id: run.id,
    status: 'needs_review',
    message: run.errorMessage,
    since: toSeconds(run.startedAtMs),
  });
}

/** A deletion that is parked, or one that says why it does not go on. */
export function deletionItem(row: DeletionRow, connections: readonly Named[]): AttentionItem | null {
  const { id, title, status, message } = row;
  const fields = { id, name: title, message, since: toSeconds(row.createdAtMs) };
  if (status === 'parked') return itemOf('deletion_parked', connections, { ...fields, status });
  if ((status === 'waiting' || status === 'running') && message !== null) {
    return itemOf('deletion_blocked', connections, { ...fields, status });
  }
  return null;
}

export function heldItems(sentences: readonly string[]): AttentionItem[] {
  return sentences.map((message) => itemOf('deletions_held', [], { message }));
}

/** The debt of one connection. Files that other tools use are kept, and duplicates are orphans that are counted there. */
export function debtItem(connection: Named, debt: StorageDebt): AttentionItem | null {
  const found = debt.categories
    .filter(({ kind, count }) => count > 0 && kind !== 'files_in_use' && kind !== 'duplicates')
    .map(({ kind, title, count }) => ({ kind, title, count }));
  if (found.length === 0) return null;
  return itemOf('storage_debt', [connection], { debt: found, usdPerMonth: debt.debtUsdPerMonth });
}
