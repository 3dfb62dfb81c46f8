import {
  AttachFileBody,
  filesToAttachNotFound,
  parsePageQuery,
  parseStatusFilter,
  parseValue,
  UpdateAttributesBody,
  WireError,
} from '@espejo/contracts/openai';
import { AppError } from '@espejo/core';
import { attachFile } from '../../services/attachments/attach-file.ts';
import { detachFile } from '../../services/attachments/detach-file.ts';
import { getAttachment } from '../../services/attachments/get-attachment.ts';
import { listAttachments } from '../../services/attachments/list-attachments.ts';
import { listContent } from '../../services/attachments/list-content.ts';
import { updateAttributes } from '../../services/attachments/update-attributes.ts';
import { readMirroredText } from '../../services/search/read-mirrored-text.ts';
import { assertServable } from '../../services/vector-stores/assert-servable.ts';
import { assertEditable } from '../../services/vector-stores/update-vector-store.ts';
import { pollable, stampAsOf, type WireHandler } from './exchange.ts';
import { storeFileIdOf, storeIdOf } from './ids.ts';
import { renderAttachment, renderList, renderPage } from './render.ts';
import { findServedStore } from './store-handlers.ts';

export const listStoreFiles: WireHandler = async (call) => {
  const { services, tenantId, query } = call;
  const store = await findServedStore(call);
  const { after, before, limit, order } = parsePageQuery(query);
  const status = parseStatusFilter(query);
  const page = await listAttachments(services, {
    tenantId,
    storeId: store.id,
    ...(status && { status }),
    ...(after !== null && { after }),
    ...(before !== null && { before }),
    order,
    limit,
  });
  await stampAsOf(call, [store]);
  return renderList(page.rows.map(renderAttachment), page.hasMore);
};

export const postStoreFile: WireHandler<'write'> = async (call) => {
  const { services, by } = call;
  const { id: storeId } = await findServedStore(call);
  await assertEditable(services, by.tenantId, storeId);
  const body = parseValue(AttachFileBody, call.body);
  const attachment = await attachFile(services, {
    by,
    storeId,
    fileId: body.file_id,
    attributes: body.attributes ?? null,
    chunking: body.chunking_strategy ?? null,
  }).catch((cause: unknown) => {
    throw cause instanceof AppError && cause.code === 'file_not_found' ? filesToAttachNotFound([body.file_id]) : cause;
  });
  return renderAttachment(attachment);
};

export const getStoreFile: WireHandler = async (call) => {
  const { services, tenantId, params } = call;
  const store = await findServedStore(call);
  const row = await getAttachment(services, { tenantId, storeId: store.id, fileId: storeFileIdOf(params) });
  await stampAsOf(call, [store]);
  return pollable(call.reply, row.status === 'in_progress', renderAttachment(row));
};

export const postStoreFileChange: WireHandler<'write'> = async (call) => {
  const { services, by, params } = call;
  const { id: storeId } = await findServedStore(call);
  const fileId = storeFileIdOf(params);
  await assertEditable(services, by.tenantId, storeId);
  const { attributes } = parseValue(UpdateAttributesBody, call.body);
  return renderAttachment(await updateAttributes(services, { by, storeId, fileId, attributes }));
};

export const removeStoreFile: WireHandler<'write'> = async (call) => {
  const { services, by, params } = call;
  const storeId = storeIdOf(params);
  const fileId = storeFileIdOf(params);
  await findServedStore(call);
  await detachFile(services, { by, storeId, fileId });
  return { id: fileId, object: 'vector_store.file.deleted', deleted: true };
};

export const getStoreFileContent: WireHandler = async (call) => {
  const { services, tenantId, params } = call;
  const store = await findServedStore(call);
  const key = { tenantId, storeId: store.id, fileId: storeFileIdOf(params) };
  const texts = store.source === 'cache' ? await readMirroredText(services, store, key.fileId) : await ownText();
  return renderPage('vector_store.file_content.page', { data: texts.map((text) => ({ type: 'text', text })) });

  async function ownText(): Promise<string[]> {
    assertServable(store, services.clock.nowMs());
    const { status } = await getAttachment(services, key);
    // As the real API has it while there is nothing to show yet.
    if (status !== 'completed') throw new WireError(404, 'Not found');
    return (await listContent(services, key)).texts;
  }
};
