import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';

const RETRIES_MAX = 2;

/** Whether asking again unchanged can help: no answer came, or the server said it was its own trouble. */
function isWorthRetrying(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500) && error.code !== 'bad_response';
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The API is on this machine or beside it: that the browser sees no network says nothing of it.
        networkMode: 'always',
        staleTime: 10_000,
        gcTime: 5 * 60_000,
        retry: (failures, error) => failures < RETRIES_MAX && isWorthRetrying(error),
        retryDelay: (attempt) => Math.min(4000, 500 * 2 ** attempt),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
