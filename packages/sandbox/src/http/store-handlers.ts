import { CreateStoreBody, parsePageQuery, UpdateStoreBody } from '@espejo/contracts/openai';
import { pageOf } from '../state/page.ts';
import { createStore } from '../state/stores/create-store.ts';
import { deleteStore } from '../state/stores/delete-store.ts';
import { findStore } from '../state/stores/find-store.ts';
import { settle } from '../state/stores/settle.ts';
import { updateStore } from '../state/stores/update-store.ts';
import { renderList, renderStore } from '../wire/render.ts';
import { type Handler, jsonReply } from './exchange.ts';
import { parseBody } from './parse-body.ts';
import { storeIdOf } from './path-ids.ts';

export const listStores: Handler = ({ project, query, distortion }) => {
  settle(project);
  const page = pageOf(project.stores, {
    query: parsePageQuery(query),
    deletedCursor: project.settings.deletedCursor,
    isListed: distortion?.isListed,
  });
  return jsonReply(renderList(page, renderStore));
};

export const postStore: Handler = ({ project, request }) => {
  const body = parseBody(CreateStoreBody, request.body);
  const store = createStore(project, {
    name: body.name,
    description: body.description,
    metadata: body.metadata,
    expiresAfterDays: body.expires_after?.days,
    fileIds: body.file_ids ?? undefined,
    chunking: body.chunking_strategy,
  });
  return jsonReply(renderStore(store));
};

export const getStore: Handler = (call) => jsonReply(renderStore(findStore(call.project, storeIdOf(call))));

export const postStoreChange: Handler = (call) => {
  const storeId = storeIdOf(call);
  const body = parseBody(UpdateStoreBody, call.request.body);
  const store = updateStore(call.project, storeId, {
    name: body.name,
    metadata: body.metadata,
    expiresAfterDays: body.expires_after === null ? null : body.expires_after?.days,
  });
  return jsonReply(renderStore(store));
};

export const removeStore: Handler = (call) => {
  const storeId = storeIdOf(call);
  deleteStore(call.project, storeId);
  return jsonReply(`{"id":"${storeId}","object":"vector_store.deleted","deleted":true}`);
};
