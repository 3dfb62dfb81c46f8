import { AppError } from '@espejo/core';
import type { IngestionClaim } from '@espejo/db';
import { withJobSpan, withoutContext } from '../../telemetry/spans.ts';
import type { IngestionQueue } from '../context/queues.ts';
import { isOwnerAlive, processExists } from '../leases/lease.ts';
import type { TenantIds } from '../tenant-ids.ts';
import { classifyError } from './classify-error.ts';
import { endIngestion, failed, type IngestDeps, ingestFile } from './ingest-file.ts';

export interface IngestionWorkerOptions {
  readonly tenantIds: TenantIds;
  readonly owner: string;
  /** Files in progress at a time. */
  readonly concurrency: number;
  readonly leaseTtlMs: number;
  /** 0 to 1: spreads the retries of many files that failed together. */
  readonly random: () => number;
  /** Called when a file waits for its store to be reembedded. */
  readonly onStale: () => void;
  /** Called with every error that kept a file from being ingested. */
  readonly onIngestionError?: (cause: unknown) => void;
}

export interface IngestionWorkerDeps extends IngestDeps {
  readonly log: { error(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/**
 * The queue is polled at least this often, however far away the next due file is: another process may leave some
 * behind.
 */
const LOOK_MS = 60_000;
/**
 * Files in progress beyond the concurrency, each of a tenant that has none: so that a tenant with long files does not
 * block the tenants that take turns.
 */
const GUESTS_MAX = 16;
/** A paused store is polled again after this long. */
const HELD_MS = 1_000;

interface Job {
  readonly claim: IngestionClaim;
  readonly controller: AbortController;
}

export function createIngestionWorkers(deps: IngestionWorkerDeps, options: IngestionWorkerOptions): IngestionQueue {
  const { tenantIds, owner, concurrency, leaseTtlMs, onStale } = options;
  const jobs = new Set<Job>();
  let isStarted = false;
  let isStopped = false;
  let isQueueUnread = false;
  let pumping: Promise<void> | undefined;
  let isWoken = false;
  let timer: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  const idlers: (() => void)[] = [];
  /** The tenant whose file was started last: the next file is another tenant's, if there is one. */
  let servedTenantId = '';

  const wake = (): void => withoutContext(startPump);

  function startPump(): void {
    if (!isStarted || isStopped) return;
    isWoken = true;
    pumping ??= pump()
      .then(() => {
        isQueueUnread = false;
      })
      .catch((cause: unknown) => {
        isQueueUnread = true;
        deps.log.error({ err: cause }, 'the ingestion queue could not be read; it is retried');
        wakeIn(LOOK_MS);
      })
      .finally(() => {
        pumping = undefined;
        if (isWoken) wake();
        else settle();
      });
  }

  async function pump(): Promise<void> {
    while (isWoken && !isStopped) {
      isWoken = false;
      while (!isStopped) {
        const claim = await claimNext();
        if (claim === undefined) break;
        begin(claim);
      }
    }
    if (!isStopped && jobs.size < concurrency) await wakeWhenDue();
  }

  /** Tenants in turn, so that one with a large batch does not delay the others. */
  async function claimNext(): Promise<IngestionClaim | undefined> {
    if (jobs.size >= concurrency + GUESTS_MAX) return undefined;
    const busyTenantIds = new Set([...jobs].map(({ claim }) => claim.tenantId));
    const all = (await tenantIds()).filter((tenantId) => jobs.size < concurrency || !busyTenantIds.has(tenantId));
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
    const { db, clock, localWork } = deps;
    const dueAtMs = await db.read.ingestionQueue.nextDueAtMs(tenantId);
    if (dueAtMs === null || dueAtMs > clock.nowMs()) return undefined;
    const busyStoreIds = [
      ...new Set([...jobs].filter(({ claim }) => claim.tenantId === tenantId).map(({ claim }) => claim.storeId)),
    ];
    return db.transaction((tx) => {
      const nowMs = clock.nowMs();
      const exceptStoreIds = localWork.heldStoreIds(tenantId);
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
    const { db, clock } = deps;
    const due = await Promise.all((await tenantIds()).map((tenantId) => db.read.ingestionQueue.nextDueAtMs(tenantId)));
    const dueAtMs = Math.min(...due.map((atMs) => atMs ?? Number.POSITIVE_INFINITY));
    wakeIn(Math.min(LOOK_MS, Math.max(HELD_MS, dueAtMs - clock.nowMs())));
  }

  function wakeIn(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(wake, ms);
    timer.unref();
  }

  function begin(claim: IngestionClaim): void {
    const job: Job = { claim, controller: new AbortController() };
    jobs.add(job);
    void work(job).finally(() => {
      jobs.delete(job);
      wake();
      settle();
    });
  }

  async function work({ claim, controller }: Job): Promise<void> {
    try {
      const { tenantId, storeId, fileId } = claim;
      // The queue was woken while it was read, so it may have another file.
      const ingest = () => ingestFile(deps, claim, controller.signal);
      await withJobSpan('ingestion.file', { tenantId, storeId, fileId }, ingest, { isLinked: false });
    } catch (cause) {
      await giveBack(claim, controller.signal, cause).catch((failure: unknown) => {
        if (!isLeaseLost(failure)) deps.log.error({ err: failure, ...claim }, 'a file could not be released');
      });
    }
    await deps.localWork
      .perform(claim.tenantId)
      .catch((cause: unknown) => deps.log.error({ err: cause }, 'clean-up failed'));
  }

  async function giveBack(claim: IngestionClaim, signal: AbortSignal, cause: unknown): Promise<void> {
    if (isLeaseLost(cause)) return;
    options.onIngestionError?.(cause);
    const decision = classifyError(cause, {
      attempts: claim.attempts,
      isStopping: signal.aborted,
      random: options.random,
    });
    const { storeId, fileId, attempts } = claim;
    if (!signal.aborted) deps.log.warn({ err: cause, storeId, fileId, attempts }, 'a file could not be ingested');
    if (decision.isStale) onStale();
    if (decision.message !== null) return endIngestion(deps, claim, failed('server_error', decision.message));
    const nextAttemptAtMs = deps.clock.nowMs() + decision.waitMs;
    await deps.db.transaction((tx) =>
      tx.ingestionQueue.release(claim, { nextAttemptAtMs, isCounted: decision.isCounted }),
    );
  }

  async function renew(): Promise<void> {
    if (jobs.size === 0) return;
    const { db, clock } = deps;
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
    if (jobs.size === 0 && pumping === undefined && !isWoken) for (const resolve of idlers.splice(0)) resolve();
  }

  return {
    wake,
    async start() {
      const { db, log } = deps;
      for (const tenantId of await tenantIds()) {
        for (const other of await db.read.ingestionQueue.listOwners(tenantId)) {
          if (other !== owner && isOwnerAlive(other, owner, processExists)) continue;
          await db.transaction((tx) => tx.ingestionQueue.releaseOwner(tenantId, other));
        }
      }
      isStarted = true;
      // A busy database says nothing about a claim; the next heartbeat tries again.
      const beat = () => renew().catch((cause: unknown) => log.warn({ err: cause }, 'claims could not be renewed'));
      heartbeat = setInterval(() => void beat(), leaseTtlMs / 3);
      heartbeat.unref();
      wake();
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
      return isQueueUnread ? 'The ingestion queue could not be read; it is retried.' : null;
    },
    idle() {
      if (jobs.size === 0 && pumping === undefined && !isWoken) return Promise.resolve();
      return new Promise((resolve) => idlers.push(resolve));
    },
  };
}

function isLeaseLost(cause: unknown): boolean {
  return cause instanceof AppError && cause.code === 'lease_lost';
}

function leaseLost(): AppError {
  return new AppError('lease_lost', 'Another worker has claimed this file, or it does not exist any more.');
}
