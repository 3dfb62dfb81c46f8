import { certainNowMs } from '../../ports.ts';
import type { ContentContext } from '../context/app-context.ts';

import { dropParts } from './drop-parts.ts';

const CHUNK = 200;
/** How long the row of an upload that has ended is kept. */
const RETENTION_S = 7 * 86_400;

/** Ends expired uploads and deletes those that ended long ago; returns how many it ended. */
export async function expireUploads(
  deps: Pick<ContentContext, 'db' | 'clock' | 'localWork'>,
  { tenantId }: { tenantId: string },
): Promise<number> {
  let ended = 0;
  for (;;) {
    const count = await deps.db.transaction(async (tx) => {
      const nowMs = deps.clock.nowMs();
      const nowS = Math.floor(certainNowMs(deps.clock) / 1000);
      const due = await tx.uploads.listDue(tenantId, nowS, CHUNK);
      for (const id of due) {
        await dropParts(tx, { tenantId, uploadId: id, nowMs });
        await tx.uploads.setStatus(tenantId, id, { status: 'expired', fileId: null });
      }
      await tx.uploads.prune(tenantId, nowS - RETENTION_S);
      return due.length;
    });
    ended += count;
    if (count < CHUNK) break;
  }
  if (ended > 0) await deps.localWork.perform(tenantId);
  return ended;
}
