import type { ListFilesQuery } from '@espejo/contracts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import { keysetPaging } from './pages.ts';

export interface FileListView {
  readonly orphan?: 'true' | 'false' | undefined;
  readonly purpose?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly q?: string | undefined;
  readonly sort: ListFilesQuery['sort'];
  readonly order: ListFilesQuery['order'];
}

export const filesQuery = (view: FileListView) =>
  infiniteQueryOptions({
    queryKey: ['files', 'list', view],
    queryFn: ({ pageParam, signal }) => api('listFiles', { query: { ...view, limit: 100, cursor: pageParam }, signal }),
    ...keysetPaging,
    placeholderData: keepPreviousData,
  });

/** One file with every store that it is attached to. */
export const fileQuery = (id: string) =>
  queryOptions({
    queryKey: ['files', 'one', id],
    queryFn: ({ signal }) => api('getFile', { params: { id }, signal }),
  });
