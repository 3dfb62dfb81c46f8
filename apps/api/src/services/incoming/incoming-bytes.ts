import { AppError, createBytesUnderWay, type Limit, type TransferUnderWay } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock } from '../../ports.ts';
import type { IncomingBytes } from '../context/incoming-bytes.ts';
import type { DiskRoom } from '../disk/disk-room.ts';
import { tooManyBytes } from '../limits/check-limits.ts';
import { readLimits } from '../limits/read-limits.ts';

/** Concurrent transfers of one tenant. */
const OPEN_MAX = 64;
/** The rest of a tenant's quota is read from the database again after this many chunks. */
const PIECES_PER_LOOK = 64;

interface Open {
  readonly tenantId: string;
  readonly transfer: TransferUnderWay;
  readonly coveredBytes: number;
  receivedBytes: number;
}

interface Room {
  readonly limit: Limit;
  readonly presentBytes: number;
  piecesLeft: number;
}

export function createIncomingBytes(deps: {
  readonly db: Database;
  readonly clock: Clock;
  readonly disk: DiskRoom;
}): IncomingBytes {
  const { db, clock, disk } = deps;
  const underWay = createBytesUnderWay();
  const rooms = new Map<string, Room>();
  /** By tenant: transfers that wait for another one to end. */
  const waiting = new Map<string, Map<Open, () => void>>();

  async function readRoom(tenantId: string): Promise<Room> {
    const limit = (await readLimits(db.read, tenantId)).limits.totalBytesMax;
    const presentBytes =
      limit.max === null ? 0 : await db.read.primaryFiles.sumBytes(tenantId, Math.floor(clock.nowMs() / 1000));
    const room = { limit, presentBytes, piecesLeft: PIECES_PER_LOOK };
    rooms.set(tenantId, room);
    return room;
  }

  async function reserve(open: Open, bytes: number): Promise<void> {
    const { tenantId, transfer } = open;
    await disk.take(bytes);
    const known = rooms.get(tenantId);
    if (known !== undefined && known.piecesLeft > 0) {
      known.piecesLeft -= 1;
      if (transfer.grow(bytes, roomBytesOf(known))) return;
    }
    for (;;) {
      // A deletion may have freed space since: only the stored value rejects anything.
      const room = await readRoom(tenantId);
      if (transfer.grow(bytes, roomBytesOf(room))) return;
      const fitsAlone = Math.max(0, open.receivedBytes + bytes - open.coveredBytes) <= roomBytesOf(room);
      const waitingCount = waiting.get(tenantId)?.size ?? 0;
      if (!fitsAlone || waitingCount + 1 >= underWay.openCountOf(tenantId)) {
        throw tooManyBytes(room.limit, room.presentBytes + underWay.bytesOf(tenantId));
      }
      await anotherEnd(open);
    }
  }

  /** Resolves when some transfer of the tenant has ended. */
  function anotherEnd(open: Open): Promise<void> {
    const all = waiting.get(open.tenantId) ?? new Map<Open, () => void>();
    waiting.set(open.tenantId, all);
    return new Promise((resolve) => all.set(open, resolve));
  }

  function close(open: Open, end: 'recorded' | 'dropped'): void {
    const { tenantId, transfer } = open;
    transfer.close(end);
    rooms.delete(tenantId);
    const all = waiting.get(tenantId);
    waiting.delete(tenantId);
    all?.delete(open);
    for (const wake of all?.values() ?? []) wake();
  }

  return {
    async receive({ tenantId, group, isInternal = false }, work) {
      const openMax = isInternal ? Number.POSITIVE_INFINITY : OPEN_MAX;
      const transfer = underWay.open({ tenantId, openMax, ...(group === undefined ? {} : { group }) });
      if (transfer === undefined) throw tooManyUploads();
      const open: Open = { tenantId, transfer, coveredBytes: group?.coveredBytes ?? 0, receivedBytes: 0 };
      let end: 'recorded' | 'dropped' = 'dropped';
      try {
        const result = await work(async function* meter(source) {
          for await (const piece of source) {
            await reserve(open, piece.byteLength);
            open.receivedBytes += piece.byteLength;
            yield piece;
          }
        });
        end = 'recorded';
        return result;
      } finally {
        close(open, end);
      }
    },
    bytesOf: (tenantId) => underWay.bytesOf(tenantId),
    forget: (tenantId) => void rooms.delete(tenantId),
  };
}

function roomBytesOf({ limit, presentBytes }: Room): number {
  return limit.max === null ? Number.POSITIVE_INFINITY : limit.max - presentBytes;
}

function tooManyUploads(): AppError {
  return new AppError(
    'too_many_uploads',
    `At most ${OPEN_MAX} uploads of a tenant run at a time. Wait for some of them to end, then try again.`,
    { details: { max: OPEN_MAX, retryAfterS: 1 } },
  );
}
