import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** Daily counts change without an event, so they are polled. */
const REFETCH_MS = 30_000;

/** Every limit with its usage. */
export const usageQuery = queryOptions({
  queryKey: ['usage'],
  queryFn: ({ signal }) => api('getUsage', { signal }),
  refetchInterval: REFETCH_MS,
});
