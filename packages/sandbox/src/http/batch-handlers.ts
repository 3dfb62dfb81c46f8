import { CreateBatchBody, parsePageQuery, parseStatusFilter } from '@espejo/contracts/openai';
import { cancelBatch } from '../state/attachments/cancel-batch.ts';
import { createBatch } from '../state/attachments/create-batch.ts';
import { attachedMembers, batchCounts, findBatch } from '../state/attachments/find-batch.ts';
import { pageOfMembers } from '../state/page-members.ts';
import type { BatchRow } from '../state/rows.ts';
import { renderAttachment, renderBatch, renderList, renderStore } from '../wire/render.ts';
import { type Call, type Handler, jsonReply, pollReply, type SandboxReply } from './exchange.ts';
import { listedBy } from './listed-by.ts';
import { parseBody } from './parse-body.ts';
import { batchIdOf, storeIdOf } from './path-ids.ts';

export const postBatch: Handler = (call) => {
  const storeId = storeIdOf(call);
  const body = parseBody(CreateBatchBody, call.request.body);
  // The batch's attributes and chunking apply to `file_ids` only; entries of `files` have their own.
  const files =
    body.files?.map((file) => ({
      fileId: file.file_id,
      attributes: file.attributes,
      chunking: file.chunking_strategy,
    })) ??
    body.file_ids?.map((fileId) => ({ fileId, attributes: body.attributes, chunking: body.chunking_strategy })) ??
    [];
  return batchReply(call, createBatch(call.project, storeId, files));
};

export const getBatch: Handler = (call) => {
  const { store, batch } = findBatch(call.project, storeIdOf(call), batchIdOf(call));
  return call.distortion?.isBatchStore === true ? jsonReply(renderStore(store)) : batchReply(call, batch);
};

export const postBatchCancel: Handler = (call) =>
  batchReply(call, cancelBatch(call.project, storeIdOf(call), batchIdOf(call)));

export const listBatchFiles: Handler = (call) => {
  const { store, batch } = findBatch(call.project, storeIdOf(call), batchIdOf(call));
  const filter = parseStatusFilter(call.query);
  const isListed = listedBy(call.distortion);
  const page = pageOfMembers(
    attachedMembers(store, batch),
    parsePageQuery(call.query),
    (row) => (filter === undefined || row.status === filter) && isListed?.(row) !== false,
  );
  return jsonReply(renderList(page, (row) => renderAttachment(store.id, row)));
};

function batchReply(call: Call, batch: BatchRow): SandboxReply {
  const counts = batchCounts(batch);
  return pollReply(renderBatch(batch, counts), counts.in_progress > 0, call.project);
}
