import type { ConnectionRow } from '@espejo/db';

/** One task a connection, on node-cron. */
export interface Scheduler {
  /** Puts a connection on the schedule, moves it, or takes it off when its sync is disabled. */
  set(connection: ConnectionRow): void;
  remove(connection: { readonly tenantId: string; readonly id: string }): void;
  stop(): void;
}
