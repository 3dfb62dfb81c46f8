import type { ConnectionRow } from '@espejo/db';
import { type ScheduledTask, schedule } from 'node-cron';
import type { Log } from '../ports.ts';
import { unscoped } from '../telemetry/spans.ts';

/** One task a connection, on node-cron. */
export interface Scheduler {
  /** Puts a connection on the schedule, moves it, or takes it off when its sync is disabled. */
  set(connection: ConnectionRow): void;
  remove(connectionId: string): void;
  stop(): void;
}

export interface SchedulerOptions {
  /** False: nothing is ever scheduled, whatever connections say. */
  readonly isEnabled: boolean;
  readonly log: Log;
  readonly onTick: (connection: { tenantId: string; id: string }) => Promise<void>;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const tasks = new Map<string, ScheduledTask>();
  function remove(connectionId: string): void {
    void tasks.get(connectionId)?.destroy();
    tasks.delete(connectionId);
  }
  return {
    remove,
    set({ tenantId, id, syncCron, isEnabled, isSyncEnabled }) {
      remove(id);
      if (!options.isEnabled || !isEnabled || !isSyncEnabled) return;
      // A tick is nobody's doing, though a request has put it on the schedule.
      const tick = () => unscoped(() => options.onTick({ tenantId, id }));
      const task = schedule(syncCron, tick, {
        name: `sync:${id}`,
        // A tick that finds the last one still at work is skipped; the lease would refuse it anyway.
        noOverlap: true,
        suppressMissedWarning: true,
        logger: {
          info: (message) => options.log.debug({ connectionId: id }, message),
          warn: (message) => options.log.warn({ connectionId: id }, message),
          error: (message) => options.log.error({ connectionId: id, err: message }, 'the schedule failed'),
          debug: () => undefined,
        },
      });
      tasks.set(id, task);
    },
    stop() {
      for (const id of [...tasks.keys()]) remove(id);
    },
  };
}
