import { OpenAiError } from '@espejo/contracts/openai';
import { getBatch, listBatchFiles, postBatch, postBatchCancel } from './batch-handlers.ts';
import { postEmbeddings } from './embedding-handlers.ts';
import type { Handler } from './exchange.ts';
import { getFile, getFileContent, listFiles, postFile, removeFile } from './file-handlers.ts';
import { getModel, listModels } from './model-handlers.ts';
import { postSearch } from './search-handlers.ts';
import {
  getStoreFile,
  getStoreFileContent,
  listStoreFiles,
  postStoreFile,
  postStoreFileChange,
  removeStoreFile,
} from './store-file-handlers.ts';
import { getStore, listStores, postStore, postStoreChange, removeStore } from './store-handlers.ts';
import { listAssistants, listContainerFiles, listContainers } from './tool-handlers.ts';
import { postUpload, postUploadCancel, postUploadComplete, postUploadPart } from './upload-handlers.ts';

/** Every endpoint, by the path after `/v1`. In all of them each second segment is an id. */
const ROUTES: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '/vector_stores': { GET: listStores, POST: postStore },
  '/vector_stores/*': { GET: getStore, POST: postStoreChange, DELETE: removeStore },
  '/vector_stores/*/files': { GET: listStoreFiles, POST: postStoreFile },
  '/vector_stores/*/files/*': { GET: getStoreFile, POST: postStoreFileChange, DELETE: removeStoreFile },
  '/vector_stores/*/files/*/content': { GET: getStoreFileContent },
  '/vector_stores/*/search': { POST: postSearch },
  '/vector_stores/*/file_batches': { POST: postBatch },
  '/vector_stores/*/file_batches/*': { GET: getBatch },
  '/vector_stores/*/file_batches/*/cancel': { POST: postBatchCancel },
  '/vector_stores/*/file_batches/*/files': { GET: listBatchFiles },
  '/files': { GET: listFiles, POST: postFile },
  '/files/*': { GET: getFile, DELETE: removeFile },
  '/files/*/content': { GET: getFileContent },
  '/uploads': { POST: postUpload },
  '/uploads/*/parts': { POST: postUploadPart },
  '/uploads/*/complete': { POST: postUploadComplete },
  '/uploads/*/cancel': { POST: postUploadCancel },
  '/containers': { GET: listContainers },
  '/containers/*/files': { GET: listContainerFiles },
  '/assistants': { GET: listAssistants },
  '/models': { GET: listModels },
  '/models/*': { GET: getModel },
  '/embeddings': { POST: postEmbeddings },
};

export interface Route {
  readonly ids: readonly string[];
  readonly handler: Handler;
}

/** A path after `/v1` with `*` for its ids. */
export function templateOf(path: string): string {
  return path
    .split('/')
    .map((segment, index) => (index > 0 && index % 2 === 0 && segment !== '' ? '*' : segment))
    .join('/');
}

/** Finds the endpoint of a path after `/v1`; 404 for an unknown path, 405 for a wrong method. */
export function findRoute(method: string, path: string): Route {
  const handlers = ROUTES[templateOf(path)];
  if (handlers === undefined) throw new OpenAiError(404, `Invalid URL (${method} /v1${path})`);
  const handler = handlers[method];
  if (handler === undefined) {
    throw new OpenAiError(
      405,
      `Not allowed to ${method} on /v1${path}. (HINT: Perhaps you meant to use a different HTTP method?)`,
      { code: 'method_not_supported' },
    );
  }
  const ids = path.split('/').filter((_, index) => index > 0 && index % 2 === 0);
  return { ids: ids.map(decodeSegment), handler };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
