import type { ConnectionRow, Database } from '@espejo/db';
import type { UpstreamOptions, UpstreamPort } from '@espejo/upstream';
import type { Scheduler } from '../../jobs/scheduler.ts';
import type { Clock, Log, RandomHex } from '../../ports.ts';
import type { SecretBox } from '../../secrets.ts';
import type { ActiveRuns } from '../sync/sync-deps.ts';

/** What the verbs of connections share. */
export interface ConnectionDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly randomHex: RandomHex;
  readonly log: Log;
  readonly secrets: SecretBox;
  readonly scheduler: Scheduler;
  readonly active: ActiveRuns;
  readonly defaults: { readonly syncCron: string; readonly removalGraceS: number };
  readonly upstreamFor: (connection: ConnectionRow) => UpstreamPort;
  /** A fresh adapter for settings that are not saved; tests put a fake here. */
  readonly createUpstream: (options: UpstreamOptions) => UpstreamPort;
}

export const DEFAULT_CONCURRENCY = 8;

/** What a connection's sealed key is bound to. */
export function keyContext(tenantId: string, connectionId: string): string {
  return `connection-key:${tenantId}:${connectionId}`;
}
