import {
  AttachFileBody,
  OpenAiError,
  parsePageQuery,
  parseStatusFilter,
  parseValue,
  UpdateAttributesBody,
} from '@espejo/contracts/openai';
import { UpstreamError } from '@espejo/upstream';
import { attachFile } from '../../services/attachments/attach-file.ts';
import { detachFile } from '../../services/attachments/detach-file.ts';
import { getAttachment } from '../../services/attachments/get-attachment.ts';
import { listAttachments } from '../../services/attachments/list-attachments.ts';
import { listContent } from '../../services/attachments/list-content.ts';
import { updateAttributes } from '../../services/attachments/update-attributes.ts';
import { assertEditable } from '../../services/lookup/assert-editable.ts';
import { assertServable } from '../../services/lookup/assert-servable.ts';
import { readMirroredText } from '../../services/search/read-mirrored-text.ts';
import { storeFileIdOf, storeIdOf } from './ids.ts';
import { setAsOfHeader, type WireHandler, withPollHint } from './openai-request.ts';
import { renderAttachment, renderList, renderPage } from './render.ts';
import { findServedStore, missingFiles } from './store-handlers.ts';

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
  await setAsOfHeader(call, [store]);
  return renderList(page.rows.map(renderAttachment), page.hasMore);
};

export const postStoreFile: WireHandler<'write'> = async (call) => {
  const { services, by } = call;
  const store = await findServedStore(call);
  assertEditable(store);
  const storeId = store.id;
  const body = parseValue(AttachFileBody, call.body);
  const attachment = await attachFile(services, {
    by,
    storeId,
    fileId: body.file_id,
    attributes: body.attributes ?? null,
    chunking: body.chunking_strategy ?? null,
  }).catch((cause: unknown) => {
    throw missingFiles(cause) ?? cause;
  });
  return renderAttachment(attachment);
};

export const getStoreFile: WireHandler = async (call) => {
  const { services, tenantId, params } = call;
  const store = await findServedStore(call);
  const row = await getAttachment(services, { tenantId, storeId: store.id, fileId: storeFileIdOf(params) });
  await setAsOfHeader(call, [store]);
  return withPollHint(call.reply, row.status === 'in_progress', renderAttachment(row));
};

export const postStoreFileChange: WireHandler<'write'> = async (call) => {
  const { services, by, params } = call;
  const store = await findServedStore(call);
  const fileId = storeFileIdOf(params);
  assertEditable(store);
  const storeId = store.id;
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
  const texts = store.source === 'cache' ? await mirroredText() : await ownText();
  return renderPage('vector_store.file_content.page', { data: texts.map((text) => ({ type: 'text', text })) });

  async function mirroredText(): Promise<string[]> {
    return readMirroredText(services, store, key.fileId).catch((cause: unknown) => {
      // As in the real API for content it has no longer; the mirror may not know that yet.
      if (cause instanceof UpstreamError && isContentGone(cause)) throw new OpenAiError(404, 'Not found');
      throw cause;
    });
  }

  async function ownText(): Promise<string[]> {
    assertServable(store, services.clock.nowMs());
    const { status } = await getAttachment(services, key);
    // As in the real API while there is no content yet.
    if (status !== 'completed') throw new OpenAiError(404, 'Not found');
    return (await listContent(services, key)).texts;
  }
};

/**
 * The real API's error for parsed text that it has lost: it does not say what is missing, nor whether the file exists.
 */
const BARE_NOT_FOUND = /^\W*not found\W*$/i;

function isContentGone({ kind, httpStatus, words }: UpstreamError): boolean {
  return kind === 'gone' || (httpStatus === 404 && words !== null && BARE_NOT_FOUND.test(words));
}
