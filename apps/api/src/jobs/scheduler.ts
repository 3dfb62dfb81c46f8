import { type ScheduledTask, schedule } from 'node-cron';
import type { Log } from '../ports.ts';
import type { Scheduler } from '../services/context/scheduler.ts';
import { withoutContext } from '../telemetry/spans.ts';

export interface SchedulerOptions {
  /** False: nothing is ever scheduled, whatever connections say. */
  readonly isEnabled: boolean;
  readonly log: Log;
  readonly onTick: (connection: { tenantId: string; id: string }) => Promise<void>;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const tasks = new Map<string, ScheduledTask>();
  const keyOf = ({ tenantId, id }: { readonly tenantId: string; readonly id: string }) => `${tenantId}:${id}`;
  function remove(connection: { readonly tenantId: string; readonly id: string }): void {
    drop(keyOf(connection));
  }
  function drop(key: string): void {
    void tasks.get(key)?.destroy();
    tasks.delete(key);
  }
  return {
    remove,
    set({ tenantId, id, syncCron, isEnabled, isSyncEnabled }) {
      remove({ tenantId, id });
      if (!options.isEnabled || !isEnabled || !isSyncEnabled) return;
      // A tick has no request as its cause, though one may have scheduled it.
      const tick = () => withoutContext(() => options.onTick({ tenantId, id }));
      const task = schedule(syncCron, tick, {
        name: `sync:${keyOf({ tenantId, id })}`,
        // A tick during the previous one is skipped; the lease would reject it anyway.
        noOverlap: true,
        suppressMissedWarning: true,
        logger: {
          info: (message) => options.log.debug({ connectionId: id }, message),
          warn: (message) => options.log.warn({ connectionId: id }, message),
          error: (message) => options.log.error({ connectionId: id, err: message }, 'the schedule failed'),
          debug: () => undefined,
        },
      });
      tasks.set(keyOf({ tenantId, id }), task);
    },
    stop() {
      for (const key of [...tasks.keys()]) drop(key);
    },
  };
}
