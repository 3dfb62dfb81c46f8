import type { ConnectionRow, Database } from '@espejo/db';
import type { UpstreamPort } from '@espejo/upstream';
import type { Clock, Log, RandomHex } from '../../ports.ts';
import type { SyncSettings } from './run-context.ts';
import type { RunHub } from './run-hub.ts';

/** What the verbs of the sync share. */
export interface SyncDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly randomHex: RandomHex;
  readonly log: Log;
  readonly settings: SyncSettings;
  readonly hub: RunHub;
  /** The adapter of a connection; the same one for as long as its settings do not change, so that pacing is shared. */
  readonly upstreamFor: (connection: ConnectionRow) => UpstreamPort;
  /** Who this process is to leases. */
  readonly owner: string;
  readonly active: ActiveRuns;
}

/** A run that this process is working on. */
export interface ActiveRun {
  readonly runId: string;
  readonly connectionId: string;
  readonly trigger: string;
  readonly isDryRun: boolean;
  readonly controller: AbortController;
  readonly finished: Promise<void>;
}

export type ActiveRuns = Map<string, ActiveRun>;

/** Why a run's signal was aborted. */
export class RunStopped extends Error {
  readonly why: 'cancelled' | 'shutdown' | 'lease_lost';
  constructor(why: RunStopped['why']) {
    super(`The run was stopped: ${why}.`);
    this.name = 'RunStopped';
    this.why = why;
  }
}
