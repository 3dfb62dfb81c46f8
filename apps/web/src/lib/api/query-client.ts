import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';

const RETRIES_MAX = 2;
/** A page waits this long for a quota without saying so. */
const WAIT_MAX_MS = 5_000;

/** Whether asking again unchanged can help: no answer came, or the server said it was its own trouble. */
function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code === 'bad_response') return false;
  return error.status === 0 || error.status >= 500 || askedToWaitMs(error) <= WAIT_MAX_MS;
}

/** How long a quota by the minute asks to be left alone; infinite for any other refusal. */
function askedToWaitMs(error: unknown): number {
  if (!(error instanceof ApiError) || error.code !== 'rate_limit_exceeded') return Number.POSITIVE_INFINITY;
  const seconds = error.details?.retryAfterS;
  return typeof seconds === 'number' ? seconds * 1000 : Number.POSITIVE_INFINITY;
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
        retryDelay: (attempt, error) => {
          const waitMs = askedToWaitMs(error);
          return waitMs <= WAIT_MAX_MS ? waitMs : Math.min(4000, 500 * 2 ** attempt);
        },
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
