import type {
  CreateVectorStoreBody,
  ListVectorStoresQuery,
  UpdateVectorStoreBody,
  VectorStoreFacets,
} from '@espejo/contracts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import { keysetPaging } from './pages.ts';

const PAGE_SIZE = 100;

export type StoreFilter = Partial<Pick<ListVectorStoresQuery, 'source' | 'status' | 'connectionId' | 'q' | 'expiring'>>;
export type StoreListView = StoreFilter & Pick<ListVectorStoresQuery, 'sort' | 'order'>;

/** The matching stores, page by page. The previous rows stay on screen while a new view loads. */
export const vectorStoresQuery = (view: StoreListView) =>
  infiniteQueryOptions({
    queryKey: ['vector-stores', 'list', view],
    queryFn: ({ pageParam, signal }) =>
      api('listVectorStores', { query: { ...view, limit: PAGE_SIZE, cursor: pageParam }, signal }),
    ...keysetPaging,
    placeholderData: keepPreviousData,
  });

/** The facet counts of each filter, under the other filters. */
export const vectorStoreFacetsQuery = (filter: StoreFilter) =>
  queryOptions<VectorStoreFacets>({
    queryKey: ['vector-stores', 'facets', filter],
    queryFn: ({ signal }) => api('getVectorStoreFacets', { query: filter, signal }),
    placeholderData: keepPreviousData,
  });

export const vectorStoreQuery = (id: string) =>
  queryOptions({
    queryKey: ['vector-stores', 'one', id],
    queryFn: ({ signal }) => api('getVectorStore', { params: { id }, signal }),
    // Ingestion in progress changes the page all the time.
    refetchInterval: ({ state }) => (state.data?.status === 'in_progress' ? 1_000 : 30_000),
  });

export interface StoreFilesView {
  readonly q?: string | undefined;
  readonly status?: string | undefined;
}

export const storeFilesQuery = (id: string, view: StoreFilesView) =>
  infiniteQueryOptions({
    queryKey: ['vector-stores', 'files', id, view],
    queryFn: ({ pageParam, signal }) =>
      api('listVectorStoreFiles', {
        params: { id },
        query: { ...view, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    ...keysetPaging,
    placeholderData: keepPreviousData,
  });

export const storeHistoryQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['vector-stores', 'history', id],
    queryFn: ({ pageParam, signal }) =>
      api('listVectorStoreHistory', { params: { id }, query: { limit: 50, cursor: pageParam }, signal }),
    ...keysetPaging,
  });

/** A few stores whose id or name contains the text, for the command palette. */
export const storeSearchQuery = (q: string) =>
  queryOptions({
    queryKey: ['vector-stores', 'search', q],
    queryFn: ({ signal }) => api('listVectorStores', { query: { q, limit: 8, sort: 'lastActiveAt' }, signal }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  });

/** Stores to choose from: those whose id or name contains the text, or the most recently active ones. */
export const storePickQuery = (q: string) =>
  queryOptions({
    queryKey: ['vector-stores', 'pick', q],
    queryFn: ({ signal }) =>
      api('listVectorStores', { query: { q: q === '' ? undefined : q, limit: 20, sort: 'lastActiveAt' }, signal }),
  });

export function updateVectorStore(id: string, body: UpdateVectorStoreBody) {
  return api('updateVectorStore', { params: { id }, body });
}

export function createVectorStore(body: CreateVectorStoreBody) {
  return api('createVectorStore', { body });
}
