import {
  AttachFileBody,
  OpenAiError,
  parsePageQuery,
  parseStatusFilter,
  UpdateAttributesBody,
} from '@espejo/contracts/openai';
import { attachFile } from '../state/attachments/attach-file.ts';
import { removeAttachment } from '../state/attachments/attachments.ts';
import { detachFile } from '../state/attachments/detach-file.ts';
import { updateAttributes } from '../state/attachments/update-attributes.ts';
import { parseFile } from '../state/files/file-text.ts';
import { pageOf } from '../state/page.ts';
import { findAttachment, findStore } from '../state/stores/find-store.ts';
import { renderAttachment, renderList } from '../wire/render.ts';
import { type Handler, jsonReply, pollReply } from './exchange.ts';
import { listedBy } from './listed-by.ts';
import { parseBody } from './parse-body.ts';
import { storeFileIdOf, storeIdOf } from './path-ids.ts';

export const listStoreFiles: Handler = (call) => {
  const store = findStore(call.project, storeIdOf(call));
  const filter = parseStatusFilter(call.query);
  const isListed = listedBy(call.distortion);
  const page = pageOf(store.attachments, {
    query: parsePageQuery(call.query),
    deletedCursor: call.project.settings.deletedCursor,
    isListed: filter === undefined ? isListed : (row) => row.status === filter && isListed?.(row) !== false,
  });
  return jsonReply(renderList(page, (row) => renderAttachment(store.id, row)));
};

export const postStoreFile: Handler = (call) => {
  const storeId = storeIdOf(call);
  const body = parseBody(AttachFileBody, call.request.body);
  const attachment = attachFile(call.project, {
    storeId,
    fileId: body.file_id,
    attributes: body.attributes,
    chunking: body.chunking_strategy,
  });
  return jsonReply(renderAttachment(storeId, attachment));
};

export const getStoreFile: Handler = (call) => {
  const { store, attachment } = findAttachment(call.project, storeIdOf(call), storeFileIdOf(call));
  return pollReply(renderAttachment(store.id, attachment), attachment.status === 'in_progress', call.project);
};

export const postStoreFileChange: Handler = (call) => {
  const storeId = storeIdOf(call);
  const fileId = storeFileIdOf(call);
  const { attributes } = parseBody(UpdateAttributesBody, call.request.body);
  return jsonReply(renderAttachment(storeId, updateAttributes(call.project, storeId, fileId, attributes)));
};

export const removeStoreFile: Handler = (call) => {
  const fileId = storeFileIdOf(call);
  detachFile(call.project, storeIdOf(call), fileId);
  if (call.distortion?.isDetachedEverywhere === true) {
    for (const store of call.project.stores.values()) removeAttachment(store, fileId);
  }
  return jsonReply(`{"id":"${fileId}","object":"vector_store.file.deleted","deleted":true}`);
};

export const getStoreFileContent: Handler = (call) => {
  const { attachment } = findAttachment(call.project, storeIdOf(call), storeFileIdOf(call));
  const file = call.project.files.get(attachment.id);
  if (file === undefined || attachment.status !== 'completed') throw new OpenAiError(404, 'Not found');
  const { text } = parseFile(file);
  const data = text === null ? [] : [{ type: 'text', text }];
  return jsonReply(
    JSON.stringify({ object: 'vector_store.file_content.page', data, has_more: false, next_page: null }),
  );
};
