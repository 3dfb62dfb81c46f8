import type { CompareStoresBody, StartTransferBody, Transfer } from '@espejo/contracts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import { keysetPaging } from './pages.ts';

const POLL_MS = 1_000;

/** The preview of a transfer; the connection may be left out until one is chosen. */
export const transferPreviewQuery = (storeId: string, kind: Transfer['kind'], connectionId: string | undefined) =>
  queryOptions({
    queryKey: ['transfers', 'preview', storeId, kind, connectionId],
    queryFn: ({ signal }) => api('previewTransfer', { params: { id: storeId }, query: { kind, connectionId }, signal }),
    staleTime: 0,
    retry: false,
  });

export const transfersQuery = infiniteQueryOptions({
  queryKey: ['transfers', 'list'],
  queryFn: ({ pageParam, signal }) => api('listTransfers', { query: { limit: 50, cursor: pageParam }, signal }),
  ...keysetPaging,
  refetchInterval: 5 * POLL_MS,
});

export const transferQuery = (id: string) =>
  queryOptions({
    queryKey: ['transfers', 'one', id],
    queryFn: ({ signal }) => api('getTransfer', { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? POLL_MS : false),
  });

export type ItemFilter = 'failed' | 'skipped';

export const transferItemsQuery = (id: string, state: ItemFilter | undefined) =>
  infiniteQueryOptions({
    queryKey: ['transfers', 'items', id, state ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      api('listTransferItems', { params: { id }, query: { state, limit: 100, cursor: pageParam }, signal }),
    ...keysetPaging,
    placeholderData: keepPreviousData,
  });

export function startTransfer(body: StartTransferBody) {
  return api('startTransfer', { body });
}

export function controlTransfer(id: string, act: 'retry' | 'finish' | 'cancel') {
  const input = { params: { id } };
  if (act === 'retry') return api('retryTransfer', input);
  return act === 'finish' ? api('finishTransfer', input) : api('cancelTransfer', input);
}

/** Comparisons of two stores, newest first. */
export const parityRunsQuery = (leftStoreId: string, rightStoreId: string) =>
  queryOptions({
    queryKey: ['parity', leftStoreId, rightStoreId],
    queryFn: ({ signal }) => api('listParityRuns', { query: { leftStoreId, rightStoreId }, signal }),
  });

export function compareStores(body: CompareStoresBody) {
  return api('compareStores', { body });
}
