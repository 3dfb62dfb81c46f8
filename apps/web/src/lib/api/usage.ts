import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** Counts of the day move without this page knowing. */
const REFETCH_MS = 30_000;

/** Every limit and how much of it is used. */
export const usageQuery = queryOptions({
  queryKey: ['usage'],
  queryFn: ({ signal }) => api('getUsage', { signal }),
  refetchInterval: REFETCH_MS,
});
