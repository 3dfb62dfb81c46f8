import type { TransferItemRecord } from '@espejo/db';
import type { TransferWorkContext } from '../../context/app-context.ts';

import { TransferHalted, type TransferSession, updateItem } from '../transfer-session.ts';

/** Waits before each check whether a deleted file is gone: upstream lists it for some seconds. */
const LOOK_WAITS_MS = [0, 500, 1_000, 2_000, 4_000] as const;

/**
 * Deletes upstream what this transfer uploaded and the store cannot have, out of the store first, and proves it gone;
 * only then is the file failed. Its status is `taking_back` meanwhile, so a process that dies leaves no unused file
 * behind.
 */
export async function takeBack(
  deps: TransferWorkContext,
  session: TransferSession,
  storeId: string,
  item: TransferItemRecord,
): Promise<void> {
  const { signal, connection } = session;
  const fileId = item.targetFileId;
  if (fileId !== null) {
    await deps.deleterFor(connection).detachFile(storeId, fileId, { signal });
    if (!(await deleteForSure(deps, session, fileId))) {
      throw new TransferHalted({
        type: 'pause',
        reason: `File '${fileId}' could not be taken back: it is still in the project after its deletion.`,
      });
    }
  }
  await updateItem(deps, session, item, {
    state: 'failed',
    targetFileId: null,
    uploadId: null,
    partIds: null,
    missingSinceMs: null,
  });
}

/** Whether a file is gone. A 404 to the deletion counts when a second one confirms it, as upstream may lag. */
async function deleteForSure(deps: TransferWorkContext, session: TransferSession, fileId: string): Promise<boolean> {
  const { signal, connection } = session;
  let absences = 0;
  for (const waitMs of LOOK_WAITS_MS) {
    if (waitMs > 0) await deps.sleep(waitMs, signal);
    const removal = await deps.deleterFor(connection).deleteFile(fileId, { signal });
    if (removal === 'absent') {
      absences += 1;
      if (absences > 1) return true;
      continue;
    }
    absences = 0;
    if ((await deps.upstreamFor(connection).probeFile(fileId, { signal })) === 'absent') return true;
  }
  return false;
}
