import { type AttachmentSnapshot, type DeletionDecision, decideDeletion, type FileSnapshot } from '@espejo/core';
import type { FileRecord } from '@espejo/db';
import { certainNowMs } from '../../../ports.ts';
import type { DeletionWorkContext } from '../../context/app-context.ts';
import { DELETION_ITEMS_MAX } from './bounds.ts';

import type { DeletionRequest, ResolvedRequest } from './plan-request.ts';

/** The primary stores and files that a request deletes, with what is known of them. */
export interface PrimaryPart {
  readonly decision: DeletionDecision;
  readonly files: ReadonlyMap<string, FileSnapshot>;
  readonly attachments: ReadonlyMap<string, AttachmentSnapshot>;
  readonly notFound: readonly string[];
}

/**
 * Plans primary stores and files. A primary store and its attachments move to the trash as one: a file is deleted only
 * when it is named, or when a named attachment was its last. The database is the truth here, so nothing has to be
 * listed.
 */
export async function planPrimary(
  deps: Pick<DeletionWorkContext, 'db' | 'clock' | 'orphanGraceS'>,
  input: { tenantId: string; request: DeletionRequest; resolved: ResolvedRequest },
): Promise<PrimaryPart> {
  const { tenantId, request, resolved } = input;
  const { read } = deps.db;
  const storeIds = (resolved.storesByConnection.get(null) ?? []).map((store) => store.id);
  const nowS = Math.floor(certainNowMs(deps.clock) / 1000);
  const orphans =
    request.orphans && request.files === 'delete'
      ? await read.primaryFiles.listOrphans(tenantId, nowS - deps.orphanGraceS, DELETION_ITEMS_MAX)
      : [];
  const named = new Set([...(resolved.filesByConnection.get(null) ?? []), ...orphans]);
  const attachments = new Map<string, AttachmentSnapshot>();
  const ending: { storeId: string; fileId: string }[] = [];
  const notFound: string[] = [];
  for (const { storeId, fileId } of resolved.attachmentsByConnection.get(null) ?? []) {
    const row = await read.attachmentList.find(tenantId, storeId, fileId);
    if (row === undefined) notFound.push(`${storeId}/${fileId}`);
    else {
      attachments.set(`${storeId}/${fileId}`, row);
      ending.push({ storeId, fileId });
    }
  }
  const known = new Map<string, FileRecord>();
  const holders = new Map<string, string[]>();
  const going = new Set([...storeIds, ...ending.map(({ storeId, fileId }) => `${storeId}/${fileId}`)]);
  for (const fileId of new Set([...named, ...ending.map((row) => row.fileId)])) {
    const file = await read.fileList.find(tenantId, fileId);
    if (file !== undefined) known.set(fileId, file);
    const stores = await read.primaryAttachments.listStoresOf(tenantId, fileId);
    holders.set(
      fileId,
      stores.filter((storeId) => !going.has(storeId) && !going.has(`${storeId}/${fileId}`)),
    );
  }
  const decision = decideDeletion({
    stores: [],
    attachments: ending,
    fileIds: [...named],
    referencesTo: (fileId) => ({ storeIds: holders.get(fileId) ?? [], isOtherTenant: false }),
    factsOf: (fileId) => {
      const file = known.get(fileId);
      if (file === undefined) return undefined;
      // A primary file that is named is deleted, whatever its purpose and age.
      return named.has(fileId)
        ? { purpose: 'assistants', createdAtS: 0 }
        : { purpose: file.purpose, createdAtS: file.createdAt };
    },
    files: request.files,
    nowS,
    freshGraceS: deps.orphanGraceS,
  });
  return { decision: { ...decision, storeIds }, files: known, attachments, notFound };
}
