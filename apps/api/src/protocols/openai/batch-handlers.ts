import { CreateBatchBody, parsePageQuery, parseStatusFilter, parseValue } from '@espejo/contracts/openai';
import type { FileBatchRecord } from '@espejo/db';
import { cancelFileBatch } from '../../services/file-batches/cancel-file-batch.ts';
import { createFileBatch } from '../../services/file-batches/create-file-batch.ts';
import { getFileBatch } from '../../services/file-batches/get-file-batch.ts';
import { listBatchFiles as listFilesOfBatch } from '../../services/file-batches/list-batch-files.ts';
import { assertEditable } from '../../services/lookup/assert-editable.ts';
import { batchIdOf } from './ids.ts';
import { type OpenAiRequest, type WireHandler, withPollHint } from './openai-request.ts';
import { renderAttachment, renderBatch, renderList } from './render.ts';
import { findServedStore, missingFiles } from './store-handlers.ts';

export const postBatch: WireHandler<'write'> = async (call) => {
  const { services, by } = call;
  const store = await findServedStore(call);
  assertEditable(store);
  const storeId = store.id;
  const body = parseValue(CreateBatchBody, call.body);
  // The batch's own attributes and chunking apply to `file_ids` only; entries of `files` have their own.
  const files = (
    body.files ??
    (body.file_ids ?? []).map((fileId) => ({
      file_id: fileId,
      attributes: body.attributes,
      chunking_strategy: body.chunking_strategy,
    }))
  ).map((file) => ({
    fileId: file.file_id,
    attributes: file.attributes ?? null,
    chunking: file.chunking_strategy ?? null,
  }));
  const batch = await createFileBatch(services, { by, storeId, files }).catch((cause: unknown) => {
    throw missingFiles(cause) ?? cause;
  });
  return answer(call, batch);
};

export const getBatch: WireHandler = async (call) => answer(call, await findBatch(call));

export const postBatchCancel: WireHandler<'write'> = async (call) => {
  const { services, by, params } = call;
  const { id: storeId } = await findServedStore(call);
  return answer(call, await cancelFileBatch(services, { by, storeId, id: batchIdOf(params) }));
};

export const listBatchFiles: WireHandler = async (call) => {
  const { services, tenantId, query } = call;
  const { id: batchId, storeId } = await findBatch(call);
  const { after, before, limit, order } = parsePageQuery(query);
  const status = parseStatusFilter(query);
  const page = await listFilesOfBatch(services, {
    tenantId,
    storeId,
    batchId,
    ...(status && { status }),
    ...(after !== null && { after }),
    ...(before !== null && { before }),
    order,
    limit,
  });
  return renderList(page.rows.map(renderAttachment), page.hasMore);
};

async function findBatch(call: OpenAiRequest): Promise<FileBatchRecord> {
  const { services, tenantId, params } = call;
  const { id: storeId } = await findServedStore(call);
  return getFileBatch(services, { tenantId, storeId, id: batchIdOf(params) });
}

function answer({ reply }: OpenAiRequest, batch: FileBatchRecord) {
  return withPollHint(reply, batch.status === 'in_progress', renderBatch(batch));
}
