import type { ConnectionRow } from '@espejo/db';

/** One node-cron task per connection. */
export interface Scheduler {
  /** Schedules a connection, reschedules it, or removes it when its sync is disabled. */
  set(connection: ConnectionRow): void;
  remove(connection: { readonly tenantId: string; readonly id: string }): void;
  stop(): void;
}
