import {
  CreateStoreBody,
  parsePageQuery,
  parseValue,
  storeNotFound,
  UpdateStoreBody,
  WireError,
} from '@espejo/contracts/openai';
import { reachesStore } from '@espejo/core';
import { TRASHED, type VectorStoreRecord } from '@espejo/db';
import { createVectorStore } from '../../services/vector-stores/create-vector-store.ts';
import { deleteVectorStore } from '../../services/vector-stores/delete-vector-store.ts';
import { findVectorStore } from '../../services/vector-stores/get-vector-store.ts';
import { assertEditable, updateVectorStore } from '../../services/vector-stores/update-vector-store.ts';
import { endOfDeletion } from './deletion-answer.ts';
import { nowS, pollable, stampAsOf, type WireCall, type WireHandler } from './exchange.ts';
import { storeIdOf } from './ids.ts';
import { renderList, renderStore } from './render.ts';

/** A store that is in the trash is gone as far as OpenAI's clients are concerned. */
export async function findServedStore({ services, principal, params }: WireCall): Promise<VectorStoreRecord> {
  const id = storeIdOf(params);
  if (!reachesStore(principal, id)) throw storeNotFound(id);
  const store = await services.db.read.vectorStores.find(principal.tenantId, id);
  if (store === undefined || store.status === TRASHED) throw storeNotFound(id);
  return store;
}

async function answerStore(call: WireCall, id: string) {
  const store = await findVectorStore(call.services, call.tenantId, id);
  await stampAsOf(call, [store]);
  return pollable(call.reply, store.status === 'in_progress', renderStore(store, nowS(call.services)));
}

export const listStores: WireHandler = async (call) => {
  const { services, tenantId, principal, query } = call;
  const paging = parsePageQuery(query);
  const ids = principal.storeIds ?? undefined;
  const page = await services.db.read.wireList.stores({ tenantId, ids, ...paging });
  if (page === undefined) throw unknownCursor(paging, 'vector store');
  await stampAsOf(call, page.rows);
  const atS = nowS(services);
  return renderList(
    page.rows.map((store) => renderStore(store, atS)),
    page.hasMore,
  );
};

export const postStore: WireHandler<'write'> = async (call) => {
  const { services, by } = call;
  const body = parseValue(CreateStoreBody, call.body);
  const { id } = await createVectorStore(services, {
    by,
    fields: {
      name: body.name ?? null,
      description: body.description ?? null,
      metadata: body.metadata ?? {},
      ...(body.expires_after && { expiresAfter: body.expires_after }),
    },
    fileIds: body.file_ids ?? [],
    chunking: body.chunking_strategy ?? null,
  });
  return answerStore(call, id);
};

export const getStore: WireHandler = async (call) => answerStore(call, (await findServedStore(call)).id);

export const postStoreChange: WireHandler<'write'> = async (call) => {
  const { services, by } = call;
  const { id } = await findServedStore(call);
  // A mirror answers that it is read-only whatever the edit says, so this is asked before the edit is looked at.
  await assertEditable(services, by.tenantId, id);
  const body = parseValue(UpdateStoreBody, call.body);
  await updateVectorStore(services, {
    by,
    id,
    edit: {
      ...(body.name !== undefined && { name: body.name }),
      ...(body.metadata !== undefined && { metadata: body.metadata ?? {} }),
      ...(body.expires_after !== undefined && { expiresAfter: body.expires_after }),
    },
  });
  return answerStore(call, id);
};

export const removeStore: WireHandler<'delete'> = async (call) => {
  const { services, by, query } = call;
  const { id } = await findServedStore(call);
  const files = query.get('files');
  if (files !== null && files !== 'keep' && files !== 'delete') {
    throw new WireError(400, `Invalid value: '${files}'. Supported values are: 'delete' and 'keep'.`, {
      param: 'files',
      code: 'invalid_value',
    });
  }
  const { deletionId } = await deleteVectorStore(services, { by, id, files });
  await endOfDeletion(call, deletionId);
  return { id, object: 'vector_store.deleted', deleted: true };
};

/** What the SDKs take for a mistake of the caller's, and do not repeat. */
export function unknownCursor({ after }: { readonly after: string | null }, what: string): WireError {
  const param = after === null ? 'before' : 'after';
  return new WireError(400, `Invalid '${param}': there is no ${what} with this id here. Start again without it.`, {
    param,
    code: 'invalid_value',
  });
}
