import type { Attributes, Authorized } from '@espejo/core';
import type { AttachmentRecord } from '@espejo/db';
import type { PrimaryContext } from '../context/app-context.ts';
import { findAttachment, getWritableStore } from '../lookup/find-attachment.ts';
import { readAttributes } from './attachment-fields.ts';

/** Replaces the attributes of a file in a primary store; null: none. Searches use them when this returns. */
export async function updateAttributes(
  deps: PrimaryContext,
  input: {
    readonly by: Authorized<'write'>;
    readonly storeId: string;
    readonly fileId: string;
    readonly attributes: Attributes | null;
  },
): Promise<AttachmentRecord> {
  const { by, storeId, fileId } = input;
  const { tenantId } = by;
  const attributes = readAttributes(input.attributes);
  await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    await getWritableStore(tx, { tenantId, storeId, nowMs });
    const before = await findAttachment(tx, { tenantId, storeId, fileId });
    await tx.primaryAttachments.setAttributes({ tenantId, storeId, fileId }, attributes);
    await tx.localTasks.add(tenantId, { kind: 'set_attributes', storeId, fileId }, nowMs);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'attachment.attributes_changed',
      subject: fileId,
      outcome: 'done',
      detail: { vectorStoreId: storeId, before: before.attributes, after: attributes },
    });
  });
  await deps.localWork.perform(tenantId);
  return findAttachment(deps.db.read, { tenantId, storeId, fileId });
}
