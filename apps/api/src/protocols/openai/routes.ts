import type { WireRoutes } from '@espejo/contracts/openai';
import type { Action } from '@espejo/core';
import { getBatch, listBatchFiles, postBatch, postBatchCancel } from './batch-handlers.ts';
import { getFile, getFileContent, listFiles, postFile, removeFile } from './file-handlers.ts';
import { getModel, listModels } from './model-handlers.ts';
import type { WireHandler } from './openai-request.ts';
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

/** A handler for each endpoint, called with the proof of permission for the endpoint's action. */
type WireHandlers = {
  readonly [Path in keyof WireRoutes]: {
    readonly [Method in keyof WireRoutes[Path]]: WireRoutes[Path][Method] extends {
      readonly action: infer A extends Action;
    }
      ? WireHandler<A>
      : never;
  };
};

export const WIRE_HANDLERS: WireHandlers = {
  '/vector_stores': { GET: listStores, POST: postStore },
  '/vector_stores/:storeId': { GET: getStore, POST: postStoreChange, DELETE: removeStore },
  '/vector_stores/:storeId/search': { POST: postSearch },
  '/vector_stores/:storeId/files': { GET: listStoreFiles, POST: postStoreFile },
  '/vector_stores/:storeId/files/:fileId': { GET: getStoreFile, POST: postStoreFileChange, DELETE: removeStoreFile },
  '/vector_stores/:storeId/files/:fileId/content': { GET: getStoreFileContent },
  '/vector_stores/:storeId/file_batches': { POST: postBatch },
  '/vector_stores/:storeId/file_batches/:batchId': { GET: getBatch },
  '/vector_stores/:storeId/file_batches/:batchId/cancel': { POST: postBatchCancel },
  '/vector_stores/:storeId/file_batches/:batchId/files': { GET: listBatchFiles },
  '/files': { GET: listFiles, POST: postFile },
  '/files/:fileId': { GET: getFile, DELETE: removeFile },
  '/files/:fileId/content': { GET: getFileContent },
  '/uploads': { POST: postUpload },
  '/uploads/:uploadId/parts': { POST: postUploadPart },
  '/uploads/:uploadId/complete': { POST: postUploadComplete },
  '/uploads/:uploadId/cancel': { POST: postUploadCancel },
  '/models': { GET: listModels },
  '/models/:model': { GET: getModel },
  '/embeddings': { POST: postEmbeddings },
};
