import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** Which store is meant where none is named. */
export const defaultStoreQuery = queryOptions({
  queryKey: ['default-store'],
  queryFn: ({ signal }) => api('getDefaultStore', { signal }),
});

export function makeDefaultStore(storeId: string) {
  return api('putDefaultStore', { body: { storeId } });
}
