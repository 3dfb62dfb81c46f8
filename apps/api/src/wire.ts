import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createThrottle } from '@espejo/core';
import { type ConnectionRow, type Database, openDatabase } from '@espejo/db';
import {
  createOpenAiConnection,
  createOpenAiUpstream,
  type UpstreamConnection,
  type UpstreamOptions,
} from '@espejo/upstream';
import type { Config } from './config.ts';
import { markInstallation } from './data-folder/mark-installation.ts';
import { openDataFolder } from './data-folder/open-data-folder.ts';
import { type ExpiryJob, startExpiryJob } from './jobs/expiry.ts';
import { type IngestionJob, startIngestionJob } from './jobs/ingestion.ts';
import { createScheduler } from './jobs/scheduler.ts';
import { runScheduledSync } from './jobs/sync.ts';
import { createOutgoing } from './outgoing/outgoing.ts';
import type { Clock, Log } from './ports.ts';
import { type CertainClock, createCertainClock } from './safekeeping/certain-clock.ts';
import { openSecret } from './secret/resolve-secret.ts';
import { countUndecryptable } from './secret/sealed-keys.ts';
import { openSecretFile } from './secret/secret-file.ts';
import { createSecretBox, deriveKey } from './secrets.ts';
import { createWrongKeys, WRONG_KEY_RULE } from './services/api-keys/wrong-keys.ts';
import { createDenialRecorder } from './services/audit/record-denial.ts';
import { keyContext } from './services/connections/connection-key.ts';
import { type BootConnections, ensureDefaultConnections } from './services/connections/ensure-default-connections.ts';
import { type ActiveRuns, RunStopped } from './services/context/active-runs.ts';
import type {
  DeletionContext,
  DeletionWorkContext,
  ExpiryContext,
  SyncContext,
  TransferContext,
  TransferWorkContext,
} from './services/context/app-context.ts';
import { createDeletionHub, createRunHub } from './services/context/events.ts';
import type { Scheduler } from './services/context/scheduler.ts';
import { createDeletionWorkers } from './services/deletion/execute/deletion-workers.ts';
import { openDeletionReserve } from './services/disk/deletion-reserve.ts';
import { createDiskRoom } from './services/disk/disk-room.ts';
import { leaseOwner } from './services/leases/lease.ts';
import { createQuotaRejectionCounter } from './services/limits/quota-rejection-counter.ts';
import { createRequestLimiter } from './services/limits/request-limiter.ts';
import { createSearchLimiter } from './services/limits/search-limiter.ts';
import type { Services } from './services/services.ts';
import { storageRates } from './services/settings/settings.ts';
import { recoverRuns } from './services/sync/run/recover-runs.ts';

import { createTenantIds, DEFAULT_TENANT_ID } from './services/tenant-ids.ts';

import { createTransferWorkers } from './services/transfers/transfer-workers.ts';

import { type Observer, observeDatabase, observeUpstream } from './telemetry/observe-adapters.ts';
import { checkReadiness, freeBytes } from './telemetry/readiness.ts';
import { createTimings } from './telemetry/timings.ts';
import { wireAccounts } from './wire-accounts.ts';
import { openAdapters } from './wire-adapters.ts';
import { wirePrimary } from './wire-primary.ts';

const HOUR_MS = 3_600_000;
/** Concurrent ingestions: one file is chunked and embedded while another is parsed. */
const INGESTION_CONCURRENCY = 2;
const SYNC_SETTINGS = { relistIntervalMs: 24 * HOUR_MS, filesIntervalMs: HOUR_MS / 4, leaseTtlMs: 30_000 } as const;

/** The only place that creates adapters. Tests pass a clock that they move, which is trusted as it is. */
export async function wire(config: Config, log: Log, givenClock?: Clock): Promise<Services> {
  const randomHex = (length: number) =>
    randomBytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length);
  const observer: Observer = { timings: createTimings(), watchMs: () => performance.now() };
  // Before anything is written.
  const folder = openDataFolder(config, log);
  const reserve = openDeletionReserve(config.dataDir);
  const path = join(config.dataDir, 'espejo.db');
  const db = observeDatabase(openDatabase({ path, beforeWrite: reserve.releaseIfLow }), observer);
  const disk = createDiskRoom({ freeBytes: () => freeBytes(config.dataDir) });
  const certain = await startCertainClock(db, log);
  const clock = givenClock ?? certain.clock;
  const secret =
    config.secret ??
    (await openSecret(db.read, openSecretFile(config.dataDir), () => randomBytes(32).toString('base64url')));
  const secrets = createSecretBox(secret);
  await markInstallation({ db, dataDir: config.dataDir, secrets, randomHex });
  const active: ActiveRuns = new Map();
  const outgoing = createOutgoing({
    operatorTenantId: DEFAULT_TENANT_ID,
    isPrivateAllowed: config.isPrivateUpstreamAllowed,
  });
  const reach = (tenantId: string) => ({
    fetch: outgoing.fetchOf(tenantId),
    hidesNetwork: !outgoing.isNetworkTold(tenantId),
  });
  const connectTo = createUpstreamCache((row) => ({
    ...toUpstreamOptions(row, secrets, boot, log),
    ...reach(row.tenantId),
    observe: observeUpstream(row, observer),
  }));
  const version = readVersion();

  const tenantIds = createTenantIds(db);

  const sync: SyncContext = {
    db,
    clock,
    randomHex,
    log,
    settings: SYNC_SETTINGS,
    hub: createRunHub(),
    upstreamFor: (row) => connectTo(row).reader,
    owner: leaseOwner(process.pid, randomUUID()),
    active,
    disk,
  };
  const scheduler: Scheduler = createScheduler({
    isEnabled: config.isSyncEnabled,
    log,
    onTick: (connection) => runScheduledSync(sync, { tenantId: connection.tenantId, connectionId: connection.id }),
  });
  const adapters = await openAdapters(config, {
    db,
    clock,
    tenantId: DEFAULT_TENANT_ID,
    random: Math.random,
    fetch: outgoing.operatorFetch,
    log,
    observer,
  });
  const refusals = createQuotaRejectionCounter();
  const searchLimiter = createSearchLimiter({ db, clock });
  const primary = wirePrimary({
    ...adapters,
    db,
    clock,
    randomHex,
    log,
    owner: sync.owner,
    tenantIds,
    leaseTtlMs: SYNC_SETTINGS.leaseTtlMs,
    random: Math.random,
    uptimeMs: countedMs,
    concurrency: INGESTION_CONCURRENCY,
    disk,
    onMaintained: reserve.keepIfRoom,
    onIngestionError: refusals.record,
  });
  const deletionWork: DeletionWorkContext = {
    ...sync,
    localWork: primary.deps.localWork,
    deleterFor: (row) => connectTo(row).deleter,
    deletionHub: createDeletionHub(),
    orphanGraceS: config.removalGraceS,
    ratesOf: (tenantId) => storageRates(sync, tenantId),
    sleep: (ms, signal) => delay(ms, undefined, { signal }),
  };
  const deletion: DeletionContext = { ...deletionWork, deletionWorkers: createDeletionWorkers(deletionWork) };
  const expiry: ExpiryContext = { ...deletion, expiry: config.expiry };
  const searcherFor = (row: ConnectionRow) => connectTo(row).searcher;
  const transferWork: TransferWorkContext = {
    ...deletion,
    ...primary.deps,
    expiry: config.expiry,
    searcherFor,
    publisherFor: (row) => connectTo(row).publisher,
    syncSoon: (tenantId, connectionId) => runScheduledSync(sync, { tenantId, connectionId }),
  };
  const transfers: TransferContext = { ...transferWork, transferWorkers: createTransferWorkers(transferWork) };
  const throttleKey = deriveKey(secret, 'wrong-keys');
  const wrongKeys = createWrongKeys({
    db,
    clock,
    log,
    operatorTenantId: DEFAULT_TENANT_ID,
    throttle: createThrottle({
      rule: WRONG_KEY_RULE,
      hash: (text) => createHmac('sha256', throttleKey).update(text).digest().readUInt32BE(),
    }),
  });
  let schedulerFault: string | null = 'It has not started yet.';
  let expiryJob: ExpiryJob | undefined;
  let ingestionJob: IngestionJob | undefined;
  const boot: BootConnections = await ensureDefaultConnections({
    config,
    db,
    clock,
    log,
    secrets,
    tenantId: DEFAULT_TENANT_ID,
  });

  return {
    ...sync,
    ...expiry,
    ...transfers,
    secrets,
    scheduler,
    defaults: { syncCron: config.syncCron, removalGraceS: config.removalGraceS },
    createUpstream: (tenantId, options) => createOpenAiUpstream({ ...options, ...reach(tenantId) }),
    isNetworkTold: outgoing.isNetworkTold,
    searchLimiter,
    requestLimiter: createRequestLimiter({ db, clock }),
    refusals,
    wrongKeys,
    version,
    accounts: await wireAccounts(
      { ...config, secret },
      {
        db,
        clock,
        log,
        randomHex,
        operatorTenantId: DEFAULT_TENANT_ID,
        fetch: outgoing.operatorFetch,
      },
    ),
    tenantId: DEFAULT_TENANT_ID,
    operatorTenantId: DEFAULT_TENANT_ID,
    denials: createDenialRecorder({ db, clock, log }),
    isScheduleEnabled: config.isSyncEnabled,
    timings: observer.timings,
    heldBack: () => [certain.fault(), primary.sweepQuestion()].filter((one) => one !== null),
    freeBytes: () => freeBytes(config.dataDir),
    readiness: () =>
      checkReadiness({
        db,
        folders: adapters.folders,
        embedder: adapters.embedders.current,
        embeddingFault: adapters.embeddingFault,
        ingestionFault: primary.deps.ingestion.fault,
        schedulerFault: () => schedulerFault,
        clockFault: certain.fault,
        sweepQuestion: primary.sweepQuestion,
        secretWarnings: folder.warnings,
        unopenedCount: () => countUndecryptable(db.read, secrets),
        freeBytes: () => freeBytes(config.dataDir),
      }),
    async start() {
      // First: a deletion that a crash interrupted holds its connection until it is done.
      const all = await tenantIds();
      for (const tenantId of all) await deletion.deletionWorkers.resume(tenantId);
      ingestionJob = await startIngestionJob(primary, log);
      for (const tenantId of all) await transfers.transferWorkers.resume(tenantId);
      expiryJob = startExpiryJob(expiry, tenantIds);
      for (const tenantId of all) await startSyncs(sync, scheduler, { tenantId, isSyncEnabled: config.isSyncEnabled });
      schedulerFault = null;
    },
    async stop() {
      schedulerFault = 'It is stopping.';
      certain.stop();
      scheduler.stop();
      await expiryJob?.stop();
      await transfers.transferWorkers.stop();
      // An API that was never started may still have work to wait for: what its requests began.
      await (ingestionJob ?? primary).stop();
      for (const run of active.values()) run.controller.abort(new RunStopped('shutdown'));
      await Promise.all([deletion.deletionWorkers.stop(), ...[...active.values()].map((run) => run.finished)]);
    },
    async close() {
      await boot.close();
      await adapters.close();
      await searchLimiter.close();
      await outgoing.close();
      await db.close();
    },
  };
}

const STARTED_AT_S = uptime();

/** Counts from the start of this process. The machine's uptime counts on while it sleeps, the process's does not. */
function countedMs(): number {
  return Math.max(performance.now(), (uptime() - STARTED_AT_S) * 1000);
}

async function startCertainClock(db: Database, log: Log): Promise<CertainClock> {
  const certain = createCertainClock({ db, log, nowMs: Date.now, countedMs });
  await certain.start();
  return certain;
}

async function startSyncs(
  sync: SyncContext,
  scheduler: Scheduler,
  { tenantId, isSyncEnabled }: { readonly tenantId: string; readonly isSyncEnabled: boolean },
): Promise<void> {
  const recovered = await recoverRuns(sync, tenantId);
  for (const row of await sync.db.read.connections.list(tenantId)) {
    scheduler.set(row);
    if (!isSyncEnabled || !row.isEnabled || !row.isSyncEnabled) continue;
    await runScheduledSync(sync, {
      tenantId: row.tenantId,
      connectionId: row.id,
      trigger: recovered.has(row.id) ? 'recovery' : 'startup',
    });
  }
}

/** One adapter per connection, replaced when its settings change: all its users share its rate limit. */
function createUpstreamCache(
  optionsOf: (row: ConnectionRow) => UpstreamOptions,
): (row: ConnectionRow) => UpstreamConnection {
  const cache = new Map<string, { key: string; upstream: UpstreamConnection }>();
  return (row) => {
    const options = optionsOf(row);
    const key = JSON.stringify(options);
    const cached = cache.get(`${row.tenantId}:${row.id}`);
    if (cached?.key === key) return cached.upstream;
    const upstream = createOpenAiConnection(options);
    cache.set(`${row.tenantId}:${row.id}`, { key, upstream });
    return upstream;
  };
}

function toUpstreamOptions(
  row: ConnectionRow,
  secrets: ReturnType<typeof createSecretBox>,
  boot: BootConnections,
  log: Log,
): UpstreamOptions {
  return {
    baseUrl: row.kind === 'sandbox' ? boot.sandboxUrl(row.baseUrl) : row.baseUrl,
    apiKey: openKey(row, secrets, log),
    organization: row.organization,
    project: row.project,
    concurrency: row.concurrency,
  };
}

/** A key encrypted with another secret counts as missing: the adapter rejects an empty one and asks for it again. */
function openKey(row: ConnectionRow, secrets: ReturnType<typeof createSecretBox>, log: Log): string {
  if (row.apiKeyCipher === null) return 'none';
  try {
    return secrets.open(row.apiKeyCipher, keyContext(row.tenantId, row.id));
  } catch (cause) {
    log.error(
      { err: cause, connectionId: row.id },
      'a stored API key cannot be decrypted: ESPEJO_SECRET, or the file named secret in the data folder, has changed',
    );
    return '';
  }
}

/** The version of this installation. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
