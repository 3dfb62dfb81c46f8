import {
  CreateStoreBody,
  filesToAttachNotFound,
  idNotFound,
  OpenAiError,
  parsePageQuery,
  parseValue,
  storeNotFound,
  UpdateStoreBody,
} from '@espejo/contracts/openai';
import { AppError, reachesStore } from '@espejo/core';
import { TRASHED, type VectorStoreRecord } from '@espejo/db';
import { deleteVectorStore } from '../../services/deletion/delete-vector-store.ts';
import { assertEditable } from '../../services/lookup/assert-editable.ts';
import { createVectorStore } from '../../services/vector-stores/create-vector-store.ts';
import { updateVectorStore } from '../../services/vector-stores/update-vector-store.ts';
import { awaitDeletion } from './await-deletion.ts';
import { ID_FORMS, storeIdOf } from './ids.ts';
import { nowS, type OpenAiRequest, setAsOfHeader, type WireHandler, withPollHint } from './openai-request.ts';
import { renderList, renderStore } from './render.ts';

/** A store in the trash is not found for OpenAI's clients. */
export async function findServedStore({ services, principal, params }: OpenAiRequest): Promise<VectorStoreRecord> {
  const id = storeIdOf(params);
  const { param, prefix } = ID_FORMS.vector_store_not_found;
  const notFound = () => idNotFound(storeNotFound(id), { param, id, prefix });
  if (!reachesStore(principal, id)) throw notFound();
  const store = await services.db.read.vectorStores.find(principal.tenantId, id);
  if (store === undefined || store.status === TRASHED) throw notFound();
  return store;
}

async function answerStore(call: OpenAiRequest, store: VectorStoreRecord) {
  await setAsOfHeader(call, [store]);
  return withPollHint(call.reply, store.status === 'in_progress', renderStore(store, nowS(call.services)));
}

export const listStores: WireHandler = async (call) => {
  const { services, tenantId, principal, query } = call;
  const paging = parsePageQuery(query);
  const ids = principal.storeIds ?? undefined;
  const page = await services.db.read.openaiPages.stores({ tenantId, ids, ...paging });
  if (page === undefined) throw unknownCursor(paging, 'vector store');
  await setAsOfHeader(call, page.rows);
  const atS = nowS(services);
  return renderList(
    page.rows.map((store) => renderStore(store, atS)),
    page.hasMore,
  );
};

export const postStore: WireHandler<'write'> = async (call) => {
  const { services, by } = call;
  const body = parseValue(CreateStoreBody, call.body);
  const store = await createVectorStore(services, {
    by,
    fields: {
      name: body.name ?? null,
      description: body.description ?? null,
      metadata: body.metadata ?? {},
      ...(body.expires_after && { expiresAfter: body.expires_after }),
    },
    fileIds: body.file_ids ?? [],
    chunking: body.chunking_strategy ?? null,
  }).catch((cause: unknown) => {
    throw missingFiles(cause) ?? cause;
  });
  return answerStore(call, store);
};

export const getStore: WireHandler = async (call) => answerStore(call, await findServedStore(call));

export const postStoreChange: WireHandler<'write'> = async (call) => {
  const { services, by } = call;
  const store = await findServedStore(call);
  // A mirror is answered as read-only whatever the edit is, so this is checked before the body is validated.
  assertEditable(store);
  const body = parseValue(UpdateStoreBody, call.body);
  const changed = await updateVectorStore(services, {
    by,
    id: store.id,
    edit: {
      ...(body.name !== undefined && { name: body.name }),
      ...(body.metadata !== undefined && { metadata: body.metadata ?? {} }),
      ...(body.expires_after !== undefined && { expiresAfter: body.expires_after }),
    },
  });
  return answerStore(call, changed);
};

export const removeStore: WireHandler<'delete'> = async (call) => {
  const { services, by, query } = call;
  const { id } = await findServedStore(call);
  const files = query.get('files');
  if (files !== null && files !== 'keep' && files !== 'delete') {
    throw new OpenAiError(400, `Invalid value: '${files}'. Supported values are: 'delete' and 'keep'.`, {
      param: 'files',
      code: 'invalid_value',
    });
  }
  const { deletionId } = await deleteVectorStore(services, { by, id, files });
  await awaitDeletion(call, deletionId);
  return { id, object: 'vector_store.deleted', deleted: true };
};

/** The error for ids in a body that name no file; undefined: it is another error. */
export function missingFiles(cause: unknown): OpenAiError | undefined {
  if (!(cause instanceof AppError) || cause.code !== 'file_not_found') return undefined;
  const ids = cause.details?.fileIds;
  return Array.isArray(ids) ? filesToAttachNotFound(ids.map(String)) : undefined;
}

/** A status that the SDKs do not retry. */
export function unknownCursor({ after }: { readonly after: string | null }, what: string): OpenAiError {
  const param = after === null ? 'before' : 'after';
  return new OpenAiError(400, `Invalid '${param}': there is no ${what} with this id here. Start again without it.`, {
    param,
    code: 'invalid_value',
  });
}
