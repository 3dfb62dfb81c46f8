import type { Authorized } from '@espejo/core';
import type { UploadRow } from '@espejo/db';
import type { ContentContext } from '../context/app-context.ts';

import { dropParts } from './drop-parts.ts';
import { findOpenUpload } from './find-upload.ts';

/** Cancels an upload: its parts are removed, and it accepts no more. */
export async function cancelUpload(
  deps: ContentContext,
  input: { readonly by: Authorized<'write'>; readonly id: string },
): Promise<UploadRow> {
  const { by, id } = input;
  const { tenantId } = by;
  const row = await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    const upload = await findOpenUpload(tx, { tenantId, id, nowMs });
    await dropParts(tx, { tenantId, uploadId: id, nowMs });
    await tx.uploads.setStatus(tenantId, id, { status: 'cancelled', fileId: null });
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'upload.cancelled',
      subject: id,
      outcome: 'done',
      detail: null,
    });
    return { ...upload, status: 'cancelled' as const };
  });
  await deps.localWork.perform(tenantId);
  return row;
}
