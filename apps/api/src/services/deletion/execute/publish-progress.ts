import type { DeletionWorkContext } from '../../context/app-context.ts';
import { presentDeletion } from '../present-deletion.ts';

/** The minimum interval between two progress events. */
const INTERVAL_MS = 200;
const timers = new WeakMap<object, Map<string, NodeJS.Timeout>>();

/** Publishes the progress of a deletion if it has watchers, soon, and once for many calls. */
export function publishProgress(deps: DeletionWorkContext, tenantId: string, deletionId: string): void {
  const pending = timers.get(deps.deletionHub) ?? new Map<string, NodeJS.Timeout>();
  timers.set(deps.deletionHub, pending);
  const key = `${tenantId}:${deletionId}`;
  if (pending.has(key)) return;
  const timer = setTimeout(() => {
    pending.delete(key);
    if (!deps.deletionHub.isWatched(tenantId, deletionId)) return;
    presentDeletion(deps, tenantId, deletionId)
      .then((data) => deps.deletionHub.publish(tenantId, deletionId, { type: 'progress', data }))
      .catch((cause: unknown) => deps.log.debug({ err: cause }, 'progress was not published'));
  }, INTERVAL_MS);
  timer.unref();
  pending.set(key, timer);
}
