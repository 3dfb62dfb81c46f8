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

/** Every endpoint of OpenAI's that is served here, by the path behind `/v1`. */
export const WIRE_ROUTES: Readonly<Record<string, Partial<Record<WireMethod, WireHandler>>>> = {
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
  '/embeddings': { POST: postEmbeddings },
};
