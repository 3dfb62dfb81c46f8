import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyncRun } from '@espejo/contracts';
import type { ConnectionRow } from '@espejo/db';
import { createManualClock, type RunningSandbox, type SandboxOptions, startSandbox } from '@espejo/sandbox';
import { createOpenAiUpstream, type UpstreamOptions, type UpstreamPort } from '@espejo/upstream';
import { expect, onTestFinished } from 'vitest';
import type { Clock } from '../ports.ts';
import { NEVER_SYNCED } from '../services/connections/create-connection.ts';
import type { SyncSettings } from '../services/context/sync-settings.ts';
import { leaseOwner } from '../services/leases/lease.ts';

import { dumpMirror, type MarkedIds, mirrorRows, missingIds, type ProjectRows, upstreamRows } from './mirror-rows.ts';
import { type DatabaseLimits, openSyncProcess, type SyncProcess } from './sync-process.ts';

export const TENANT_ID = 'tenant-a';
export const CONNECTION_ID = 'conn-a';
/** 2026-01-15 09:00 UTC. */
const START_MS = Date.UTC(2026, 0, 15, 9);

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;

/** The grace period of the harness's connection. */
export const GRACE_MS = HOUR_MS;

/** One clock for Espejo and the sandbox; Espejo's may have an offset. */
export interface TestClock extends Clock {
  advance(ms: number): void;
  /** From now on Espejo's clock is off by this much; upstream's is not. */
  skew(ms: number): void;
}

export interface HarnessOptions {
  readonly sandbox?: Omit<SandboxOptions, 'clock'> | undefined;
  readonly connection?: Partial<ConnectionRow> | undefined;
  readonly settings?: Partial<SyncSettings> | undefined;
  /** Options of the real adapter, or a replacement for it. */
  readonly upstream?: UpstreamPort | Partial<UpstreamOptions> | undefined;
  readonly limits?: DatabaseLimits | undefined;
  /** Deletions are run as well: then upstream may get DELETE, and still no other write. */
  readonly hasDeletions?: boolean | undefined;
}

/** A database, a sandbox and the sync service between them, on a clock that only the test moves. */
export interface SyncHarness extends SyncProcess {
  readonly clock: TestClock;
  readonly sandbox: RunningSandbox;
  readonly databasePath: string;
  /** The content of the mirror and of upstream, in one form. */
  mirror(connectionId?: string): ProjectRows;
  upstream(): ProjectRows;
  /** The missing marks of the mirror. */
  missing(connectionId?: string): MarkedIds;
  /** Every column of every mirrored row and of the connections. */
  dump(): ReturnType<typeof dumpMirror>;
  /**
   * Another process on the same database: its own handles, its own lease owner. On the same machine unless set
   * otherwise.
   */
  openProcess(options?: { owner?: string; limits?: DatabaseLimits }): Promise<SyncProcess>;
  /** From now on runs use this adapter, or the real one with other options. */
  useUpstream(upstream: UpstreamPort | Partial<UpstreamOptions>): void;
  /** The same, per connection. */
  useUpstreamOf(upstreamOf: (connection: ConnectionRow) => UpstreamPort): void;
  /** From now on no run gets an adapter, as when a stored key cannot be decrypted. */
  failUpstream(cause: Error): void;
  addConnection(row: Partial<ConnectionRow> & Pick<ConnectionRow, 'id'>): Promise<void>;
  /** Holds the first matching request until it is released. */
  pauseAt(isWanted: (request: { path: string; query: URLSearchParams }) => boolean): Pause;
}

export interface Pause {
  /** The request has arrived and waits. */
  readonly reached: Promise<void>;
  release(): void;
}

/** Creates a harness that cleans up after the test. */
export async function createSyncHarness(options: HarnessOptions = {}): Promise<SyncHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-sync-'));
  const databasePath = join(folder, 'espejo.db');
  const sandboxClock = createManualClock(START_MS);
  let skewMs = 0;
  const clock: TestClock = {
    nowMs: () => sandboxClock.now() + skewMs,
    advance: (ms) => sandboxClock.advance(ms),
    skew: (ms) => {
      skewMs = ms;
    },
  };
  const sandbox = await startSandbox({ ...options.sandbox, clock: sandboxClock });
  // Rule 2, in every test: a sync only reads. A search is sent by the test as another client.
  const writes: string[] = [];
  sandbox.onRequest(({ method, path }) => {
    if (method === 'GET' || path.endsWith('/search')) return;
    if (method !== 'DELETE' || options.hasDeletions !== true) writes.push(`${method} ${path}`);
  });
  const processes: SyncProcess[] = [];
  let upstreamOf = toUpstreamOf(options.upstream ?? {});

  async function openProcess(input: { owner?: string; limits?: DatabaseLimits } = {}): Promise<SyncProcess> {
    const opened = openSyncProcess({
      databasePath,
      limits: input.limits ?? {},
      clock,
      tenantId: TENANT_ID,
      connectionId: CONNECTION_ID,
      owner: input.owner ?? leaseOwner(process.pid, `boot-${processes.length + 1}`),
      settings: {
        relistIntervalMs: 24 * HOUR_MS,
        filesIntervalMs: HOUR_MS / 4,
        leaseTtlMs: 30_000,
        ...options.settings,
      },
      createUpstream: (row) => upstreamOf(row),
    });
    processes.push(opened);
    return opened;
  }

  function toUpstreamOf(upstream: UpstreamPort | Partial<UpstreamOptions>): (row: ConnectionRow) => UpstreamPort {
    return isPort(upstream) ? () => upstream : (row) => createOpenAiUpstream(toUpstreamOptions(row, upstream));
  }

  function useUpstreamOf(next: (row: ConnectionRow) => UpstreamPort): void {
    upstreamOf = next;
    for (const each of processes) each.forgetUpstreams();
  }

  function toUpstreamOptions(row: ConnectionRow, others: Partial<UpstreamOptions>): UpstreamOptions {
    return {
      baseUrl: row.baseUrl,
      // The harness stores keys as plain text: their encryption is tested with the connections.
      apiKey: row.apiKeyCipher ?? 'sk-harness',
      organization: row.organization,
      project: row.project,
      concurrency: row.concurrency,
      // Waits between retries take no time, but yield to other work.
      sleep: () => new Promise((resolve) => setImmediate(resolve)),
      random: () => 0.5,
      now: clock.nowMs,
      ...others,
    };
  }

  async function addConnection(row: Partial<ConnectionRow> & Pick<ConnectionRow, 'id'>): Promise<void> {
    const complete: ConnectionRow = {
      tenantId: TENANT_ID,
      name: row.id,
      kind: 'openai',
      origin: 'console',
      baseUrl: sandbox.url,
      apiKeyCipher: null,
      apiKeyFingerprint: null,
      organization: null,
      project: null,
      isEnabled: true,
      syncCron: '*/5 * * * *',
      isSyncEnabled: true,
      removalGraceS: GRACE_MS / 1000,
      concurrency: 4,
      ...NEVER_SYNCED,
      createdAtMs: START_MS,
      updatedAtMs: START_MS,
      ...row,
    };
    const { tenantId } = complete;
    await main.db.transaction(async (tx) => {
      await tx.tenants.ensure({ id: tenantId, name: tenantId, createdAtMs: START_MS });
      await tx.connections.insert(complete);
    });
  }

  function pauseAt(isWanted: (request: { path: string; query: URLSearchParams }) => boolean): Pause {
    const reached = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const stop = sandbox.onRequest(({ path, query }) => {
      if (!isWanted({ path, query: new URLSearchParams(query) })) return undefined;
      stop();
      reached.resolve();
      return gate.promise;
    });
    onTestFinished(() => gate.resolve());
    return { reached: reached.promise, release: gate.resolve };
  }

  const main = await openProcess({ limits: options.limits ?? {} });
  onTestFinished(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
    expect(writes, 'requests that write upstream').toEqual([]);
  });
  await addConnection({ id: CONNECTION_ID, name: 'Harness', ...options.connection });

  return {
    ...main,
    clock,
    sandbox,
    databasePath,
    mirror: (connectionId = CONNECTION_ID) => mirrorRows(databasePath, connectionId),
    upstream: () => upstreamRows(sandbox.state.snapshot()),
    missing: (connectionId = CONNECTION_ID) => missingIds(databasePath, connectionId),
    dump: () => dumpMirror(databasePath),
    openProcess,
    useUpstream: (upstream) => useUpstreamOf(toUpstreamOf(upstream)),
    useUpstreamOf,
    failUpstream: (cause) =>
      useUpstreamOf(() => {
        throw cause;
      }),
    addConnection,
    pauseAt,
  };
}

function isPort(upstream: UpstreamPort | Partial<UpstreamOptions>): upstream is UpstreamPort {
  return 'listVectorStores' in upstream;
}

/** The codes of the reasons why a run waits for approval. */
export function reasonsOf(run: SyncRun): readonly string[] {
  return run.plan?.reasons.map((reason) => `${reason.code}:${reason.kind}`) ?? [];
}
