import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ConnectionRow, openDatabase } from '@espejo/db';
import {
  createOpenAiConnection,
  createOpenAiUpstream,
  type UpstreamConnection,
  type UpstreamOptions,
} from '@espejo/upstream';
import type { Config } from './config.ts';
import { type ExpiryJob, startExpiryJob } from './jobs/expiry.ts';
import { type IngestionJob, startIngestionJob } from './jobs/ingestion.ts';
import { createScheduler, type Scheduler } from './jobs/scheduler.ts';
import { runScheduledSync } from './jobs/sync.ts';
import type { Clock, Log } from './ports.ts';
import { countUnopened } from './secret/sealed-keys.ts';
import { openSecretFile } from './secret/secret-file.ts';
import { settleSecret } from './secret/settle-secret.ts';
import { createSecretBox } from './secrets.ts';
import type { AccountDeps } from './services/accounts/account-deps.ts';
import { createDenialRecorder, type DenialRecorder } from './services/audit/record-denial.ts';
import { type BootConnections, bootConnections } from './services/connections/boot-connections.ts';
import { type ConnectionDeps, keyContext } from './services/connections/connection-deps.ts';
import type { DeletionDeps } from './services/deletion/deletion-deps.ts';
import { createDeletionHub } from './services/deletion/deletion-hub.ts';
import { createDeletionWorkers } from './services/deletion/deletion-workers.ts';
import type { ExpiryDeps } from './services/expiry/expiry-deps.ts';
import type { FileDeps } from './services/files/list-files.ts';
import type { PrimaryDeps } from './services/ingestion/content-deps.ts';
import type { QuotaDeps } from './services/quotas/quota-deps.ts';
import { createRefusalTally, type RefusalTally } from './services/quotas/refusal-tally.ts';
import { createRequestMeter, type RequestMeter } from './services/quotas/request-meter.ts';
import { createSearchMeter, type SearchMeter } from './services/quotas/search-meter.ts';
import type { SearchDeps } from './services/search/search-deps.ts';
import { storageRates } from './services/settings/settings.ts';
import { leaseOwner } from './services/sync/hold-lease.ts';
import { recoverRuns } from './services/sync/recover-runs.ts';
import { createRunHub } from './services/sync/run-hub.ts';
import { type ActiveRuns, RunStopped, type SyncDeps } from './services/sync/sync-deps.ts';
import { createTenantIds, DEFAULT_TENANT_ID } from './services/tenant-ids.ts';
import type { TransferDeps } from './services/transfers/transfer-deps.ts';
import { createTransferWorkers } from './services/transfers/transfer-workers.ts';
import type { VectorStoreDeps } from './services/vector-stores/vector-store-deps.ts';
import { type Observer, observeDatabase, observeUpstream } from './telemetry/observe-adapters.ts';
import { checkReadiness, freeBytes, type Readiness } from './telemetry/readiness.ts';
import { createTimings, type Timings } from './telemetry/timings.ts';
import { wireAccounts } from './wire-accounts.ts';
import { openAdapters } from './wire-adapters.ts';
import { wirePrimary } from './wire-primary.ts';

const MACHINE_CLOCK: Clock = { nowMs: () => Date.now() };
const HOUR_MS = 3_600_000;
/** Files taken in at a time: one is cut and embedded while another is parsed. */
const INGESTION_CONCURRENCY = 2;
const SYNC_SETTINGS = { relistIntervalMs: 24 * HOUR_MS, filesIntervalMs: HOUR_MS / 4, leaseTtlMs: 30_000 } as const;

/** Everything the protocols call, wired to its adapters. */
export interface Services
  extends SyncDeps,
    ConnectionDeps,
    VectorStoreDeps,
    FileDeps,
    Omit<ExpiryDeps, 'localWork'>,
    PrimaryDeps,
    SearchDeps,
    QuotaDeps,
    TransferDeps,
    AccountDeps {
  readonly searchMeter: SearchMeter;
  readonly requestMeter: RequestMeter;
  readonly refusals: RefusalTally;
  readonly version: string;
  /** The tenant of whoever names none: this machine, the console, the automation key. */
  readonly tenantId: string;
  readonly denials: DenialRecorder;
  readonly isScheduleEnabled: boolean;
  readonly timings: Timings;
  readiness(): Promise<Readiness>;
  /** Bytes that may still be written where the data folder is. */
  freeBytes(): Promise<number>;
  /** Starts what runs by itself: recovery, the first sync, the schedule. */
  start(): Promise<void>;
  /** Ends the schedule and the runs, and waits for their last records. */
  stop(): Promise<void>;
  /** Closes the database after the writes in hand. */
  close(): Promise<void>;
}

/** The only place that builds adapters. Tests pass a clock that they move. */
export async function wire(config: Config, log: Log, clock: Clock = MACHINE_CLOCK): Promise<Services> {
  const randomHex = (length: number) =>
    randomBytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length);
  const observer: Observer = { timings: createTimings(), watchMs: () => performance.now() };
  const db = observeDatabase(openDatabase({ path: join(config.dataDir, 'espejo.db') }), observer);
  const secret = config.isSecretInFile
    ? await settleSecret(db.read, openSecretFile(config.dataDir), config.secret)
    : config.secret;
  const secrets = createSecretBox(secret);
  const active: ActiveRuns = new Map();
  const connectTo = createUpstreamCache((row) => ({
    ...toUpstreamOptions(row, secrets, boot, log),
    observe: observeUpstream(row, observer),
  }));
  const version = readVersion();

  const tenantIds = createTenantIds(db);

  const sync: SyncDeps = {
    db,
    clock,
    randomHex,
    log,
    settings: SYNC_SETTINGS,
    hub: createRunHub(),
    upstreamFor: (row) => connectTo(row).reader,
    owner: leaseOwner(process.pid, randomUUID()),
    active,
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
    observer,
  });
  const refusals = createRefusalTally();
  const searchMeter = createSearchMeter({ db, clock });
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
    concurrency: INGESTION_CONCURRENCY,
    onTrouble: refusals.note,
  });
  const deletion: DeletionDeps = {
    ...sync,
    localWork: primary.deps.localWork,
    deleterFor: (row) => connectTo(row).deleter,
    deletionHub: createDeletionHub(),
    deletionWorkers: createDeletionWorkers(() => deletion),
    orphanGraceS: config.removalGraceS,
    ratesOf: (tenantId) => storageRates(sync, tenantId),
    sleep: (ms, signal) => delay(ms, undefined, { signal }),
  };
  const expiry: ExpiryDeps = { ...deletion, expiry: config.expiry };
  const searcherFor = (row: ConnectionRow) => connectTo(row).searcher;
  const transfers: TransferDeps = {
    ...deletion,
    ...primary.deps,
    expiry: config.expiry,
    searcherFor,
    publisherFor: (row) => connectTo(row).publisher,
    transferWorkers: createTransferWorkers(() => transfers),
    syncSoon: (tenantId, connectionId) => runScheduledSync(sync, { tenantId, connectionId }),
  };
  let schedulerFault: string | null = 'It has not started yet.';
  let expiryJob: ExpiryJob | undefined;
  let ingestionJob: IngestionJob | undefined;
  const boot: BootConnections = await bootConnections({ config, db, clock, log, secrets, tenantId: DEFAULT_TENANT_ID });

  return {
    ...sync,
    ...expiry,
    ...transfers,
    secrets,
    scheduler,
    defaults: { syncCron: config.syncCron, removalGraceS: config.removalGraceS },
    createUpstream: createOpenAiUpstream,
    operatorTenantId: DEFAULT_TENANT_ID,
    searchMeter,
    requestMeter: createRequestMeter({ db, clock }),
    refusals,
    version,
    accounts: await wireAccounts(config, { db, clock, log, randomHex, operatorTenantId: DEFAULT_TENANT_ID }),
    tenantId: DEFAULT_TENANT_ID,
    denials: createDenialRecorder({ db, clock, log }),
    isScheduleEnabled: config.isSyncEnabled,
    timings: observer.timings,
    freeBytes: () => freeBytes(config.dataDir),
    readiness: () =>
      checkReadiness({
        db,
        folders: adapters.folders,
        embedder: adapters.embedders.current,
        embeddingFault: adapters.embeddingFault,
        ingestionFault: primary.deps.ingestion.fault,
        schedulerFault: () => schedulerFault,
        unopenedCount: () => countUnopened(db.read, secrets),
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
      scheduler.stop();
      await expiryJob?.stop();
      await transfers.transferWorkers.stop();
      // A store that was never started has work to wait for all the same: what its requests began.
      await (ingestionJob ?? primary).stop();
      for (const run of active.values()) run.controller.abort(new RunStopped('shutdown'));
      await Promise.all([deletion.deletionWorkers.stop(), ...[...active.values()].map((run) => run.finished)]);
    },
    async close() {
      await boot.close();
      await adapters.close();
      await searchMeter.close();
      await db.close();
    },
  };
}

async function startSyncs(
  sync: SyncDeps,
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

/** One adapter a connection, replaced when its settings change: its pacing is shared by everything that uses it. */
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

/** A key sealed under another secret is as good as none: the adapter refuses an empty one and asks for it again. */
function openKey(row: ConnectionRow, secrets: ReturnType<typeof createSecretBox>, log: Log): string {
  if (row.apiKeyCipher === null) return 'none';
  try {
    return secrets.open(row.apiKeyCipher, keyContext(row.tenantId, row.id));
  } catch (cause) {
    log.error(
      { err: cause, connectionId: row.id },
      'a stored API key does not open: ESPEJO_SECRET, or the file named secret in the data folder, is another one now',
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
