import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

const IDLE_POLL_MS = 10_000;
const BUSY_POLL_MS = 2000;

/** The status that the frame shows on every page. Polled, faster while a sync runs, not in a hidden tab. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => api('getStatus', { signal }),
  refetchInterval: (query) => ((query.state.data?.activeRunIds.length ?? 0) > 0 ? BUSY_POLL_MS : IDLE_POLL_MS),
});
