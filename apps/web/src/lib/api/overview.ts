import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** What the first page shows. Always loaded again when the page opens: what needed attention may have been done since. */
export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => api('getOverview', { signal }),
  staleTime: 0,
  refetchInterval: 60_000,
});
