import { ErrorBody, type FileAttributes, IngestedFile, type SearchStoreBody } from '@espejo/contracts';
import { queryOptions } from '@tanstack/react-query';
import { ApiError, api } from './client.ts';

const CHUNK_PAGE_SIZE = 20;

/** The index of a primary store: its model, mode and counts. */
export const storeIndexQuery = (id: string) =>
  queryOptions({
    queryKey: ['vector-stores', 'index', id],
    queryFn: ({ signal }) => api('getStoreIndex', { params: { id }, signal }),
  });

/** The chunks of a file behind one of them, in reading order. */
export const fileChunksQuery = (id: string, fileId: string, after: number | null) =>
  queryOptions({
    queryKey: ['vector-stores', 'chunks', id, fileId, after],
    queryFn: ({ signal }) =>
      api('listFileChunks', {
        params: { id, fileId },
        query: { limit: CHUNK_PAGE_SIZE, ...(after === null ? {} : { after }) },
        signal,
      }),
  });

/** Stores to compare with, most recently used first. */
export const storeChoicesQuery = queryOptions({
  queryKey: ['vector-stores', 'choices'],
  queryFn: ({ signal }) => api('listVectorStores', { query: { limit: 100, sort: 'lastActiveAt' }, signal }),
});

/** One search of a store; undefined: no search yet. The results are not refreshed until the next search. */
export const searchQuery = (id: string, body: SearchStoreBody | undefined) =>
  queryOptions({
    queryKey: ['store-search', id, body],
    queryFn: ({ signal }) =>
      body === undefined
        ? Promise.reject(new Error('No search to run.'))
        : api('searchVectorStore', { params: { id }, body, signal }),
    enabled: body !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: false,
  });

export function updateFileAttributes(id: string, fileId: string, attributes: FileAttributes) {
  return api('updateFileAttributes', { params: { id, fileId }, body: { attributes } });
}

export function detachFile(id: string, fileId: string) {
  return api('detachFile', { params: { id, fileId } });
}

export function retryFiles(id: string, fileIds?: readonly string[]) {
  return api('retryIngestion', { params: { id }, body: fileIds === undefined ? {} : { fileIds: [...fileIds] } });
}

/**
 * Uploads one file into a store; `onProgress` gets the uploaded share, 0..1. `fetch` reports no upload progress, so this
 * call does not use the typed client. Throws ApiError.
 */
export function uploadFile(
  id: string,
  file: File,
  options: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
): Promise<IngestedFile> {
  const { onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ filename: file.name });
    request.open('POST', `/api/vector-stores/${encodeURIComponent(id)}/uploads?${query}`);
    request.setRequestHeader('content-type', file.type === '' ? 'application/octet-stream' : file.type);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onerror = () => reject(new ApiError(0, 'network', 'Espejo is not reachable. Upload the file again.', null));
    request.onabort = () => reject(new ApiError(0, 'cancelled', 'The upload was cancelled.', null));
    request.onload = () => {
      const json = readJson(request.responseText);
      const done = IngestedFile.safeParse(json);
      if (request.status === 201 && done.success) return resolve(done.data);
      const refusal = ErrorBody.safeParse(json);
      reject(
        refusal.success
          ? new ApiError(request.status, refusal.data.error.code, refusal.data.error.message, null)
          : new ApiError(request.status, 'bad_response', `Espejo answered ${request.status} without a reason.`, null),
      );
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
