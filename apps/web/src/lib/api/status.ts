import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

const IDLE_POLL_MS = 10_000;
const BUSY_POLL_MS = 2000;

/** What the frame shows on every page. Polled, faster while a sync or a task runs, not at all in a hidden tab. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => api('getStatus', { signal }),
  refetchInterval: ({ state: { data } }) =>
    data !== undefined && data.activeRunIds.length + data.openDeletionCount > 0 ? BUSY_POLL_MS : IDLE_POLL_MS,
});
