import type { Action } from '@espejo/core';
import { getBatch, listBatchFiles, postBatch, postBatchCancel } from './batch-handlers.ts';
import type { WireHandler } from './exchange.ts';
import { getFile, getFileContent, listFiles, postFile, removeFile } from './file-handlers.ts';
import { postEmbeddings, postSearch } from './search-handlers.ts';
import {
  getStoreFile,
  getStoreFileContent,
  listStoreFiles,
  postStoreFile,
  postStoreFileChange,
  removeStoreFile,
} from './store-file-handlers.ts';
import { getStore, listStores, postStore, postStoreChange, removeStore } from './store-handlers.ts';
import { postUpload, postUploadCancel, postUploadComplete, postUploadPart } from './upload-handlers.ts';

export type WireMethod = 'GET' | 'POST' | 'DELETE';

export interface WireRoute {
  /** What it takes of whoever calls it. */
  readonly action: Action;
  /** A list of stores, narrowed to those the caller reaches. */
  readonly isNarrowed: boolean;
  /** Called with the proof for `action`: `route` sees to it that the two belong together. */
  readonly handler: (call: never) => Promise<unknown>;
}

function route<A extends Action>(action: A, handler: WireHandler<A>, isNarrowed = false): WireRoute {
  return { action, handler, isNarrowed };
}
const read = (handler: WireHandler<'read'>) => route('read', handler);
const write = (handler: WireHandler<'write'>) => route('write', handler);
const search = (handler: WireHandler<'search'>) => route('search', handler);
const remove = (handler: WireHandler<'delete'>) => route('delete', handler);

/** Every endpoint of OpenAI's that is served here, by the path behind `/v1`. */
export const WIRE_ROUTES: Readonly<Record<string, Partial<Record<WireMethod, WireRoute>>>> = {
  '/vector_stores': { GET: route('read', listStores, true), POST: write(postStore) },
  '/vector_stores/:storeId': { GET: read(getStore), POST: write(postStoreChange), DELETE: remove(removeStore) },
  '/vector_stores/:storeId/search': { POST: search(postSearch) },
  '/vector_stores/:storeId/files': { GET: read(listStoreFiles), POST: write(postStoreFile) },
  '/vector_stores/:storeId/files/:fileId': {
    GET: read(getStoreFile),
    POST: write(postStoreFileChange),
    DELETE: write(removeStoreFile),
  },
  '/vector_stores/:storeId/files/:fileId/content': { GET: read(getStoreFileContent) },
  '/vector_stores/:storeId/file_batches': { POST: write(postBatch) },
  '/vector_stores/:storeId/file_batches/:batchId': { GET: read(getBatch) },
  '/vector_stores/:storeId/file_batches/:batchId/cancel': { POST: write(postBatchCancel) },
  '/vector_stores/:storeId/file_batches/:batchId/files': { GET: read(listBatchFiles) },
  '/files': { GET: read(listFiles), POST: write(postFile) },
  '/files/:fileId': { GET: read(getFile), DELETE: remove(removeFile) },
  '/files/:fileId/content': { GET: read(getFileContent) },
  '/uploads': { POST: write(postUpload) },
  '/uploads/:uploadId/parts': { POST: write(postUploadPart) },
  '/uploads/:uploadId/complete': { POST: write(postUploadComplete) },
  '/uploads/:uploadId/cancel': { POST: write(postUploadCancel) },
  '/embeddings': { POST: search(postEmbeddings) },
};
