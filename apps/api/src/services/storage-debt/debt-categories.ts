import type { ConnectionRow, DebtRow, DebtScope } from '@espejo/db';
import type { DeletionContext } from '../context/app-context.ts';
import { completeConnections, orphanCutoffS } from '../files/complete-listings.ts';
import { explainOrphans, sortOrphans } from './sort-orphans.ts';
import type { DebtCategory, DebtKind } from './views.ts';

/** A file in progress for longer than this will not complete. */
const STUCK_AFTER_S = 24 * 3600;
/** A file and its attachment may be listed in the other order within this time. */
const LISTING_LAG_S = 60;

export type Cleanup = NonNullable<DebtCategory['cleanup']>;

/** One kind of debt, with its items. */
export interface CategorySpec {
  readonly kind: DebtKind;
  readonly title: string;
  readonly explanation: string;
  readonly rows: readonly DebtRow[];
  /** Whether its bytes are indexed bytes, which OpenAI bills. */
  readonly isBilled: boolean;
  readonly isComplete: boolean;
  /** Sent to the deletion plans as it is. */
  readonly cleanup: ((rows: readonly DebtRow[]) => Partial<Cleanup>) | null;
}

/**
 * Finds the debt of these connections. Nothing is claimed that depends on an incomplete listing: a file is called an
 * orphan, a copy or a ghost only when every listing that says so ended cleanly, and after the file was created.
 */
export async function collectDebt(
  deps: DeletionContext,
  tenantId: string,
  connections: readonly ConnectionRow[],
  /** Set to report one connection: its orphan clean-up is then limited to that connection. */
  connectionId?: string,
): Promise<CategorySpec[]> {
  const { storageDebt } = deps.db.read;
  const nowMs = deps.clock.nowMs();
  const nowS = Math.floor(nowMs / 1000);
  const all: DebtScope = { tenantId, connectionIds: connections.map((row) => row.id) };
  const completeIds = await completeConnections(deps, tenantId, connections);
  const completeRows = connections.filter((row) => completeIds.has(row.id));
  const complete: DebtScope = { tenantId, connectionIds: [...completeIds] };
  const cutoffS = orphanCutoffS({ nowMs, graceS: deps.orphanGraceS }, completeRows);
  const filesListedS = Math.min(nowS, ...completeRows.map((row) => Math.floor((row.filesListedAtMs ?? 0) / 1000)));

  const areStoresListed = connections.length > 0 && connections.every((row) => row.storesListedAtMs !== null);
  const isAllComplete = areStoresListed && completeRows.length === connections.length;
  const orphans = await sortOrphans(deps, tenantId, await storageDebt.listOrphans(complete, cutoffS));
  const memberships = (rows: readonly DebtRow[]): Partial<Cleanup> => ({
    attachments: rows.map((row) => ({ storeId: row.storeId ?? '', fileId: row.id.slice(row.id.indexOf('/') + 1) })),
    // The clean-up keeps the files, whatever their state since the last sync; a file without a store then is an orphan,
    // and shown as one.
    files: 'keep',
  });
  return [
    {
      kind: 'orphan_files',
      title: 'Orphan files',
      explanation: explainOrphans(orphans),
      rows: orphans.rows,
      isBilled: false,
      isComplete: isAllComplete,
      cleanup: orphans.isOffered
        ? () => ({ orphans: true, ...(connectionId === undefined ? {} : { connectionId }) })
        : null,
    },
    {
      kind: 'files_in_use',
      title: 'Files that other tools use',
      explanation:
        'In no vector store, but used by a code interpreter container, an assistant or a message. They are kept.',
      rows: orphans.inUse,
      isBilled: false,
      isComplete: isAllComplete,
      cleanup: null,
    },
    {
      kind: 'expired_stores',
      title: 'Expired stores',
      explanation: 'No longer searchable, still listed. Their files stay until they are deleted.',
      rows: await storageDebt.listExpiredStores(all),
      isBilled: true,
      isComplete: areStoresListed,
      cleanup: (rows) => ({ storeIds: rows.map((row) => row.id) }),
    },
    {
      kind: 'empty_stores',
      title: 'Empty stores',
      explanation:
        'Contain no file and return no search results. Some still count, and are billed for, files that are gone.',
      rows: await storageDebt.listEmptyStores(all, nowS - deps.orphanGraceS),
      isBilled: true,
      isComplete: areStoresListed,
      cleanup: (rows) => ({ storeIds: rows.map((row) => row.id), files: 'keep' }),
    },
    {
      kind: 'failed_files',
      title: 'Failed files',
      explanation: 'Attached, but never indexed: searches do not see them. The clean-up detaches them; the files stay.',
      rows: await storageDebt.listUnhealthy(all, 'failed', nowS),
      isBilled: false,
      isComplete: isAllComplete,
      cleanup: memberships,
    },
    {
      kind: 'stuck_files',
      title: 'Stuck files',
      explanation:
        'In progress for more than a day; they will not complete. The clean-up detaches them; the files stay.',
      rows: await storageDebt.listUnhealthy(all, 'in_progress', nowS - STUCK_AFTER_S),
      isBilled: false,
      isComplete: isAllComplete,
      cleanup: memberships,
    },
    {
      kind: 'ghosts',
      title: 'Ghosts',
      explanation: 'Attached to a store, but the file itself is gone. They are counted and never found.',
      rows: await storageDebt.listGhosts(complete, filesListedS - LISTING_LAG_S),
      isBilled: true,
      isComplete: isAllComplete,
      cleanup: memberships,
    },
    {
      kind: 'duplicates',
      title: 'Duplicate files',
      explanation:
        'Orphans of the same name and size as a file that is attached to a store: most likely an earlier upload of it.',
      rows: (await storageDebt.listDuplicates(complete, cutoffS)).filter(({ id }) => orphans.offeredIds.has(id)),
      isBilled: false,
      isComplete: isAllComplete,
      cleanup: (rows) => ({ fileIds: rows.map((row) => row.id) }),
    },
  ];
}
