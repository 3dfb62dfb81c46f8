import { AppError } from '@espejo/core';
import { schedule } from 'node-cron';
import type { ExpiryContext } from '../services/context/app-context.ts';
import type { TenantIds } from '../services/tenant-ids.ts';
import { withJobSpan } from '../telemetry/spans.ts';
import { runExpiry } from './run-expiry.ts';

const EVERY_MINUTE = '* * * * *';

/** The expiry of primary stores, every minute and once at the start. */
export interface ExpiryJob {
  /** Starts no more passes and waits for the one in progress. */
  stop(): Promise<void>;
}

export function startExpiryJob(deps: ExpiryContext, tenantIds: TenantIds): ExpiryJob {
  let pass = runScheduledExpiry(deps, tenantIds);
  const task = schedule(
    EVERY_MINUTE,
    () => {
      pass = runScheduledExpiry(deps, tenantIds);
      return pass;
    },
    {
      name: 'expiry',
      noOverlap: true,
      suppressMissedWarning: true,
      logger: {
        info: (message) => deps.log.debug({ job: 'expiry' }, message),
        warn: (message) => deps.log.warn({ job: 'expiry' }, message),
        error: (message) => deps.log.error({ job: 'expiry', err: message }, 'the schedule failed'),
        debug: () => undefined,
      },
    },
  );
  return {
    async stop() {
      await task.destroy();
      await pass;
    },
  };
}

/** One tick. A tenant's failed pass is logged and does not block the others; the next one does everything it left. */
async function runScheduledExpiry(deps: ExpiryContext, tenantIds: TenantIds): Promise<void> {
  for (const tenantId of await tenantIds()) {
    try {
      await withJobSpan('expiry.pass', { tenantId }, () => runExpiry(deps, { tenantId }), { isLinked: false });
    } catch (cause) {
      const isOvertaken = cause instanceof AppError && cause.code === 'lease_lost';
      deps.log[isOvertaken ? 'info' : 'error']({ err: cause, tenantId }, 'a pass over expiring stores did not end');
    }
  }
}
