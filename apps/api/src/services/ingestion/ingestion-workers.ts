import { AppError } from '@espejo/core';
import type { IngestionClaim } from '@espejo/db';
import { inJob, unscoped } from '../../telemetry/spans.ts';
import { isOwnerAlive, processExists } from '../sync/hold-lease.ts';
import type { TenantIds } from '../tenant-ids.ts';
import { endIngestion, failed, type IngestDeps, ingestFile } from './ingest-file.ts';
import { judgeTrouble } from './judge-trouble.ts';

/** Takes files into stores in the background. */
export interface IngestionWorkers {
  /** There is something to take in, or there may be. */
  kick(): void;
  /** Frees what dead processes held, and goes on where they stopped. */
  start(): Promise<void>;
  /** Begins nothing more, gives back what is under way, and waits for that. */
  stop(): Promise<void>;
  /** Resolves when nothing is under way and nothing is due now: for tests. */
  idle(): Promise<void>;
  /** What keeps files from being taken in; null: nothing does. */
  fault(): string | null;
}

export interface IngestionWorkerOptions {
  readonly tenantIds: TenantIds;
  readonly owner: string;
  /** Files under way at a time. */
  readonly concurrency: number;
  readonly leaseTtlMs: number;
  /** 0 to 1: spreads the tries of many files that failed together. */
  readonly random: () => number;
  /** A file waits for its store to be re-embedded. */
  readonly onStale: () => void;
  /** Hears of whatever kept a file from being taken in. */
  readonly onTrouble?: (cause: unknown) => void;
}

export interface IngestionWorkerDeps extends IngestDeps {
  readonly log: { error(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Looked for at least this often, however far away the next file that is due: another process may leave some behind. */
const LOOK_MS = 60_000;
/** A store that is held is looked at again after this long. */
const HELD_MS = 1_000;

interface Job {
  readonly claim: IngestionClaim;
  readonly controller: AbortController;
}

export function createIngestionWorkers(
  depsOf: () => IngestionWorkerDeps,
  options: IngestionWorkerOptions,
): IngestionWorkers {
  const { tenantIds, owner, concurrency, leaseTtlMs, onStale } = options;
  const jobs = new Set<Job>();
  let isStarted = false;
  let isStopped = false;
  let isQueueUnread = false;
  let pumping: Promise<void> | undefined;
  let isKicked = false;
  let timer: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  const idlers: (() => void)[] = [];
  /** Whose file was begun last: the next one is somebody else's, if they have one. */
  let servedTenantId = '';

  const kick = (): void => unscoped(wake);

  function wake(): void {
    if (!isStarted || isStopped) return;
    isKicked = true;
    pumping ??= pump()
      .then(() => {
        isQueueUnread = false;
      })
      .catch((cause: unknown) => {
        isQueueUnread = true;
        depsOf().log.error({ err: cause }, 'the queue of files to take in could not be read; it is tried again');
        wakeIn(LOOK_MS);
      })
      .finally(() => {
        pumping = undefined;
        if (isKicked) kick();
        else settle();
      });
  }

  async function pump(): Promise<void> {
    while (isKicked && !isStopped) {
      isKicked = false;
      while (jobs.size < concurrency && !isStopped) {
        const claim = await claimNext();
        if (claim === undefined) break;
        begin(claim);
      }
    }
    if (!isStopped && jobs.size < concurrency) await wakeWhenDue();
  }

  /** Tenants in turn, so that one with a great batch holds up no other. */
  async function claimNext(): Promise<IngestionClaim | undefined> {
    const all = await tenantIds();
    const first = all.indexOf(servedTenantId) + 1;
    for (const tenantId of [...all.slice(first), ...all.slice(0, first)]) {
      const claim = await claimOf(tenantId);
      if (claim === undefined) continue;
      servedTenantId = tenantId;
      return claim;
    }
    return undefined;
  }

  async function claimOf(tenantId: string): Promise<IngestionClaim | undefined> {
    const { db, clock, localWork } = depsOf();
    const dueAtMs = await db.read.ingestionQueue.nextDueAtMs(tenantId);
    if (dueAtMs === null || dueAtMs > clock.nowMs()) return undefined;
    const busyStoreIds = [...new Set([...jobs].map(({ claim }) => claim.storeId))];
    return db.transaction((tx) => {
      const nowMs = clock.nowMs();
      const exceptStoreIds = localWork.heldStoreIds();
      return tx.ingestionQueue.claim({
        tenantId,
        owner,
        nowMs,
        expiresAtMs: nowMs + leaseTtlMs,
        exceptStoreIds,
        busyStoreIds,
      });
    });
  }

  async function wakeWhenDue(): Promise<void> {
    const { db, clock } = depsOf();
    const due = await Promise.all((await tenantIds()).map((tenantId) => db.read.ingestionQueue.nextDueAtMs(tenantId)));
    const dueAtMs = Math.min(...due.map((atMs) => atMs ?? Number.POSITIVE_INFINITY));
    wakeIn(Math.min(LOOK_MS, Math.max(HELD_MS, dueAtMs - clock.nowMs())));
  }

  function wakeIn(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(kick, ms);
    timer.unref();
  }

  function begin(claim: IngestionClaim): void {
    const job: Job = { claim, controller: new AbortController() };
    jobs.add(job);
    void work(job).finally(() => {
      jobs.delete(job);
      kick();
      settle();
    });
  }

  async function work({ claim, controller }: Job): Promise<void> {
    const deps = depsOf();
    try {
      const { tenantId, storeId, fileId } = claim;
      // Whoever is active woke the queue, and may have asked for another file.
      const ingest = () => ingestFile(deps, claim, controller.signal);
      await inJob('ingestion.file', { tenantId, storeId, fileId }, ingest, { isLinked: false });
    } catch (cause) {
      await giveBack(claim, controller.signal, cause).catch((failure: unknown) => {
        if (!isLeaseLost(failure)) deps.log.error({ err: failure, ...claim }, 'a file could not be given back');
      });
    }
    await deps.localWork
      .perform(claim.tenantId)
      .catch((cause: unknown) => deps.log.error({ err: cause }, 'clean-up failed'));
  }

  async function giveBack(claim: IngestionClaim, signal: AbortSignal, cause: unknown): Promise<void> {
    const deps = depsOf();
    if (isLeaseLost(cause)) return;
    options.onTrouble?.(cause);
    const verdict = judgeTrouble(cause, {
      attempts: claim.attempts,
      isStopping: signal.aborted,
      random: options.random,
    });
    const { storeId, fileId, attempts } = claim;
    if (!signal.aborted) deps.log.warn({ err: cause, storeId, fileId, attempts }, 'a file could not be taken in');
    if (verdict.isStale) onStale();
    if (verdict.message !== null) return endIngestion(deps, claim, failed('server_error', verdict.message));
    const nextAttemptAtMs = deps.clock.nowMs() + verdict.waitMs;
    await deps.db.transaction((tx) =>
      tx.ingestionQueue.release(claim, { nextAttemptAtMs, isCounted: verdict.isCounted }),
    );
  }

  async function renew(): Promise<void> {
    if (jobs.size === 0) return;
    const { db, clock } = depsOf();
    const lost = await db.transaction((tx) =>
      tx.ingestionQueue.renew(
        [...jobs].map(({ claim }) => claim),
        clock.nowMs() + leaseTtlMs,
      ),
    );
    for (const job of jobs) {
      if (lost.includes(job.claim)) job.controller.abort(leaseLost());
    }
  }

  function settle(): void {
    if (jobs.size === 0 && pumping === undefined && !isKicked) for (const wake of idlers.splice(0)) wake();
  }

  return {
    kick,
    async start() {
      const { db, log } = depsOf();
      for (const tenantId of await tenantIds()) {
        for (const other of await db.read.ingestionQueue.listOwners(tenantId)) {
          if (other !== owner && isOwnerAlive(other, owner, processExists)) continue;
          await db.transaction((tx) => tx.ingestionQueue.releaseOwner(tenantId, other));
        }
      }
      isStarted = true;
      // A busy database says nothing about a claim; the next beat tries again.
      const beat = () => renew().catch((cause: unknown) => log.warn({ err: cause }, 'claims could not be renewed'));
      heartbeat = setInterval(() => void beat(), leaseTtlMs / 3);
      heartbeat.unref();
      kick();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      clearInterval(heartbeat);
      for (const { controller } of jobs) controller.abort(new Error('Espejo is stopping.'));
      await this.idle();
    },
    fault() {
      if (isStopped) return 'It is stopping.';
      if (!isStarted) return 'It has not started yet.';
      return isQueueUnread ? 'The queue of files could not be read; it is tried again.' : null;
    },
    idle() {
      if (jobs.size === 0 && pumping === undefined && !isKicked) return Promise.resolve();
      return new Promise((resolve) => idlers.push(resolve));
    },
  };
}

function isLeaseLost(cause: unknown): boolean {
  return cause instanceof AppError && cause.code === 'lease_lost';
}

function leaseLost(): AppError {
  return new AppError('lease_lost', 'Another worker has taken this file over, or it is gone.');
}
