import type { StorageRates } from '@espejo/core';
import type { ConnectionRow, Database } from '@espejo/db';
import type { UpstreamDeleter, UpstreamPort } from '@espejo/upstream';
import type { Clock, Log, RandomHex } from '../../ports.ts';
import type { LocalWork } from '../ingestion/local-work.ts';
import type { SyncSettings } from '../sync/run-context.ts';
import type { DeletionHub } from './deletion-hub.ts';
import type { DeletionWorkers } from './deletion-workers.ts';

/** What the verbs of deletion share. */
export interface DeletionDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly randomHex: RandomHex;
  readonly log: Log;
  readonly upstreamFor: (connection: ConnectionRow) => UpstreamPort;
  /** Given to deletions alone: nothing else can destroy anything upstream. */
  readonly deleterFor: (connection: ConnectionRow) => UpstreamDeleter;
  readonly deletionHub: DeletionHub;
  readonly deletionWorkers: DeletionWorkers;
  readonly owner: string;
  readonly settings: SyncSettings;
  /** A file in no store that is younger than this may be on its way into one. */
  readonly orphanGraceS: number;
  readonly ratesOf: (tenantId: string) => Promise<StorageRates>;
  /** Waits; tests pass one that does not. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Removes what deletions of ours leave outside the database. */
  readonly localWork: Pick<LocalWork, 'perform'>;
}

/**
 * Which place and key a plan was read with. A 404 proves something gone only to the key that saw it there: a deletion
 * whose connection has changed since parks instead of taking a stranger's "not found" for success.
 */
export function upstreamIdentity(connection: ConnectionRow): string {
  // The sandbox listens on another port at every start; it is the same one all the same.
  const place = connection.kind === 'sandbox' ? 'sandbox' : connection.baseUrl;
  return [place, connection.apiKeyFingerprint, connection.organization, connection.project].join('|');
}
