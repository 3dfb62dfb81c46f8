import type { SyncRun } from '@espejo/contracts';
import { asSystem } from '@espejo/core';
import { type ConnectionRow, type Database, type OpenDatabaseOptions, openDatabase } from '@espejo/db';
import type { UpstreamPort } from '@espejo/upstream';
import type { Clock } from '../ports.ts';
import { RunStopped } from '../services/context/active-runs.ts';
import type { SyncContext } from '../services/context/app-context.ts';
import { createRunHub } from '../services/context/events.ts';
import type { SyncSettings } from '../services/context/sync-settings.ts';
import { createDiskRoom } from '../services/disk/disk-room.ts';
import { approveSyncRun } from '../services/sync/run/approve-sync-run.ts';
import { getSyncRun } from '../services/sync/run/get-sync-run.ts';

import { type StartSyncRunInput, startSyncRun } from '../services/sync/run/start-sync-run.ts';

import { createMemoryLog, type LoggedEntry } from './memory-log.ts';

/** How the database of a process fails. */
export type DatabaseLimits = Pick<OpenDatabaseOptions, 'pageCountMax' | 'busyDeadlineMs'>;

export interface SyncProcessOptions {
  readonly databasePath: string;
  readonly limits: DatabaseLimits;
  readonly clock: Clock & { advance(ms: number): void };
  readonly tenantId: string;
  readonly connectionId: string;
  readonly owner: string;
  readonly settings: SyncSettings;
  readonly createUpstream: (connection: ConnectionRow) => UpstreamPort;
  /** Free bytes of the disk. */
  readonly freeBytes?: () => number;
}

/** The sync service of one process: its database handles, its runs, its lease owner. */
export interface SyncProcess {
  readonly deps: SyncContext;
  readonly db: Database;
  readonly logged: readonly LoggedEntry[];
  /** Starts a run of the harness's connection as the schedule would, a second after the last, and returns its id. */
  start(input?: Partial<StartSyncRunInput>): Promise<string>;
  /** Waits for a run of this process to end. */
  finish(runId: string, tenantId?: string): Promise<SyncRun>;
  /** `start` and `finish`. */
  sync(input?: Partial<StartSyncRunInput>): Promise<SyncRun>;
  /** Approves a reviewed run's plan, or the plan of another hash, and waits for the run that carries it out. */
  approve(run: SyncRun, planHash?: string): Promise<SyncRun>;
  connection(connectionId?: string): Promise<ConnectionRow>;
  /** Runs from now on get a new adapter. */
  forgetUpstreams(): void;
  /** As in a graceful stop: runs end, then the database closes. */
  stop(): Promise<void>;
}

/** Wires the parts as `wire.ts` does for the real process. */
export function openSyncProcess(options: SyncProcessOptions): SyncProcess {
  const { clock, tenantId } = options;
  const logged: LoggedEntry[] = [];
  const db = openDatabase({ path: options.databasePath, ...options.limits });
  const upstreams = new Map<string, { key: string; upstream: UpstreamPort }>();
  const deps: SyncContext = {
    db,
    clock,
    randomHex: createSerialHex(),
    log: createMemoryLog((entry) => logged.push(entry)),
    settings: options.settings,
    hub: createRunHub(),
    upstreamFor(row) {
      const key = [row.baseUrl, row.apiKeyCipher, row.organization, row.project, row.concurrency].join('\n');
      const cached = upstreams.get(row.id);
      if (cached?.key === key) return cached.upstream;
      const upstream = options.createUpstream(row);
      upstreams.set(row.id, { key, upstream });
      return upstream;
    },
    owner: options.owner,
    active: new Map(),
    disk: createDiskRoom({ freeBytes: async () => options.freeBytes?.() ?? 2 ** 40 }),
  };

  async function start(input: Partial<StartSyncRunInput> = {}): Promise<string> {
    clock.advance(1000);
    const { id } = await startSyncRun(deps, {
      by: asSystem(tenantId, 'local'),
      connectionId: options.connectionId,
      trigger: 'schedule',
      isDryRun: false,
      isFull: false,
      ...input,
    });
    return id;
  }

  async function finish(runId: string, ofTenantId = tenantId): Promise<SyncRun> {
    await deps.active.get(runId)?.finished;
    return getSyncRun(deps, { tenantId: ofTenantId, runId });
  }

  async function connection(connectionId = options.connectionId): Promise<ConnectionRow> {
    const row = await db.read.connections.find(tenantId, connectionId);
    if (row === undefined) throw new Error(`no connection ${connectionId}`);
    return row;
  }

  return {
    deps,
    db,
    logged,
    start,
    finish,
    sync: async (input) => finish(await start(input), input?.by?.tenantId),
    async approve(run, planHash = run.plan?.hash ?? '') {
      clock.advance(1000);
      const { id } = await approveSyncRun(deps, { by: asSystem(tenantId, 'local'), runId: run.id, planHash });
      return finish(id);
    },
    connection,
    forgetUpstreams: () => upstreams.clear(),
    async stop() {
      const runs = [...deps.active.values()];
      for (const run of runs) run.controller.abort(new RunStopped('shutdown'));
      await Promise.all(runs.map((run) => run.finished));
      await db.close();
    },
  };
}

let serial = 0;

/** A counter instead of random ids: the ids of a test file are unique, and the same in every run. */
function createSerialHex(): (length: number) => string {
  return (length) => {
    serial += 1;
    return serial.toString(16).padStart(length, '0');
  };
}
