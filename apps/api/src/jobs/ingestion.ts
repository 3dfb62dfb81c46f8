import { schedule } from 'node-cron';
import type { Log } from '../ports.ts';
import type { Primary } from '../wire-primary.ts';

/** Half past every hour: at another time than the expiry job, which runs every minute, and rarely during a sync. */
const EVERY_HOUR = '30 * * * *';

/** Ingestion from the start to the stop, and its hourly maintenance. */
export interface IngestionJob {
  stop(): Promise<void>;
}

export async function startIngestionJob(primary: Primary, log: Log): Promise<IngestionJob> {
  await primary.start();
  let pass = maintain(primary, log);
  const task = schedule(
    EVERY_HOUR,
    () => {
      pass = maintain(primary, log);
      return pass;
    },
    {
      name: 'ingestion',
      noOverlap: true,
      suppressMissedWarning: true,
      logger: {
        info: (message) => log.debug({ job: 'ingestion' }, message),
        warn: (message) => log.warn({ job: 'ingestion' }, message),
        error: (message) => log.error({ job: 'ingestion', err: message }, 'the schedule failed'),
        debug: () => undefined,
      },
    },
  );
  return {
    async stop() {
      await task.destroy();
      await primary.stop();
      await pass;
    },
  };
}

/** A failed pass is logged; the next one does everything it left. */
async function maintain(primary: Primary, log: Log): Promise<void> {
  try {
    await primary.maintain();
  } catch (cause) {
    log.error({ err: cause }, 'the clean-up of primary stores did not end');
  }
}
