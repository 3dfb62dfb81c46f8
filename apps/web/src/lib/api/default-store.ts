import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** The default store of the tenant. */
export const defaultStoreQuery = queryOptions({
  queryKey: ['default-store'],
  queryFn: ({ signal }) => api('getDefaultStore', { signal }),
});

export function makeDefaultStore(storeId: string) {
  return api('putDefaultStore', { body: { storeId } });
}
