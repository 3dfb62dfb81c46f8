import { AppError, toSeconds } from '@espejo/core';
import type { ConnectionRow, Database, FileAttachment, FileRecord } from '@espejo/db';
import type { Clock } from '../../ports.ts';
import { decodeCursor, encodeCursor, NUMBER_KEY, TEXT_KEY } from '../cursor.ts';
import { completeConnections, orphanCutoffS } from './complete-listings.ts';
import type { ListFilesQuery } from './inputs.ts';
import type { FileDetail, FilePage, FileRow } from './views.ts';

export interface FileDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** A file younger than this may be about to be attached and is no orphan yet. */
  readonly orphanGraceS: number;
}

/** Stores named per file in the list; the count beside them is exact. */
const NAMED_STORES_MAX = 3;
const ALL_STORES_MAX = 1000;

/** One page of files, with where each is attached and which are orphans. Throws `unknown_cursor`. */
export async function listFiles(deps: FileDeps, input: { tenantId: string; query: ListFilesQuery }): Promise<FilePage> {
  const { tenantId, query } = input;
  const { sort, order, limit } = query;
  const list = `files:${sort}:${order}`;
  const key = decodeCursor(query.cursor, list, sort === 'filename' ? TEXT_KEY : NUMBER_KEY);
  const { read } = deps.db;
  const connections = await read.connections.list(tenantId);
  const complete = await completeConnections(deps, tenantId, connections);
  const isReportComplete = connections.every((row) => complete.has(row.id));
  const orphanCreatedBeforeS = createdBeforeS(deps, connections, complete);
  const page = await read.fileList.list({
    tenantId,
    connectionId: query.connectionId || undefined,
    purpose: query.purpose || undefined,
    text: query.q,
    isOrphan: query.orphan,
    orphanCreatedBeforeS,
    orphanConnectionIds: [...complete],
    sort,
    order,
    after: key === undefined ? undefined : { value: key[0], id: key[1] },
    limit,
  });
  const attachments = groupByFile(
    await read.fileList.listAttachments(
      tenantId,
      page.rows.map((file) => file.id),
      NAMED_STORES_MAX,
    ),
  );
  const orphans = await read.fileList.orphanTotals(tenantId, orphanCreatedBeforeS, [...complete]);
  const listedAtMs = connections.map((row) => row.filesListedAtMs);
  return {
    data: page.rows.map((file) =>
      presentFile(file, attachments.get(file.id) ?? [], { connections, complete, orphanCreatedBeforeS }),
    ),
    nextCursor: page.next === null ? null : encodeCursor(list, [page.next.value, page.next.id]),
    total: page.total,
    asOf:
      listedAtMs.length === 0 || listedAtMs.includes(null)
        ? null
        : toSeconds(Math.min(...listedAtMs.map((ms) => ms ?? 0))),
    isOrphanReportComplete: isReportComplete,
    orphanCount: orphans.count,
    orphanBytes: orphans.sizeBytes,
  };
}

/** A file with every store it is attached to. Throws `file_not_found`. */
export async function getFile(deps: FileDeps, input: { tenantId: string; id: string }): Promise<FileDetail> {
  const { tenantId, id } = input;
  const file = await deps.db.read.fileList.find(tenantId, id);
  if (file === undefined) throw new AppError('file_not_found', `There is no file with id '${id}'.`);
  const connections = await deps.db.read.connections.list(tenantId);
  const complete = await completeConnections(deps, tenantId, connections);
  return presentFile(file, await deps.db.read.fileList.listAttachments(tenantId, [id], ALL_STORES_MAX), {
    connections,
    complete,
    orphanCreatedBeforeS: createdBeforeS(deps, connections, complete),
  });
}

/** How many files are certain orphans. */
export async function countOrphans(deps: FileDeps, tenantId: string): Promise<number> {
  const connections = await deps.db.read.connections.list(tenantId);
  const complete = await completeConnections(deps, tenantId, connections);
  const cutoffS = createdBeforeS(deps, connections, complete);
  return (await deps.db.read.fileList.orphanTotals(tenantId, cutoffS, [...complete])).count;
}

function createdBeforeS(deps: FileDeps, connections: readonly ConnectionRow[], complete: ReadonlySet<string>): number {
  return orphanCutoffS(
    { nowMs: deps.clock.nowMs(), graceS: deps.orphanGraceS },
    connections.filter((row) => complete.has(row.id)),
  );
}

function presentFile(
  file: FileRecord,
  attachments: readonly FileAttachment[],
  context: { connections: readonly ConnectionRow[]; complete: ReadonlySet<string>; orphanCreatedBeforeS: number },
): FileRow {
  const connection = context.connections.find((row) => row.id === file.connectionId);
  const isComplete = file.connectionId === null || context.complete.has(file.connectionId);
  const syncedAtMs =
    file.syncedAtMs === null
      ? null
      : Math.max(file.syncedAtMs, file.missingSinceMs === null ? (connection?.filesListedAtMs ?? 0) : 0);
  return {
    id: file.id,
    source: file.connectionId === null ? 'primary' : 'cache',
    connectionId: file.connectionId,
    filename: file.filename,
    bytes: file.bytes,
    purpose: file.purpose,
    status: file.status,
    createdAt: file.createdAt,
    expiresAt: file.expiresAt,
    lastSyncedAt: syncedAtMs === null ? null : toSeconds(syncedAtMs),
    missingSince: file.missingSinceMs === null ? null : toSeconds(file.missingSinceMs),
    attachmentCount: file.attachmentCount,
    attachedTo: attachments.map(({ storeId, storeName, status }) => ({
      vectorStoreId: storeId,
      vectorStoreName: storeName,
      status,
    })),
    orphan: orphanState(file, isComplete, context.orphanCreatedBeforeS),
    extra: file.extra === null ? null : { ...file.extra },
  };
}

function orphanState(file: FileRecord, isComplete: boolean, createdBeforeS: number): FileRow['orphan'] {
  if (file.attachmentCount > 0 || file.isUsedByTool) return 'no';
  if (file.purpose !== 'assistants') return 'not_applicable';
  if (!isComplete || file.missingSinceMs !== null) return 'unknown';
  return file.createdAt < createdBeforeS ? 'yes' : 'too_fresh';
}

function groupByFile(attachments: readonly FileAttachment[]): ReadonlyMap<string, FileAttachment[]> {
  return Map.groupBy(attachments, (attachment) => attachment.fileId);
}
