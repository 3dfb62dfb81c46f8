import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';
import { sessionQuery } from './session.ts';

const RETRIES_MAX = 2;
/** A page waits this long for a quota without saying so. */
const WAIT_MAX_MS = 5_000;
/** What the API answers when the console is wrong about who is at it, or about what they may do. */
const CODES_ABOUT_THE_SESSION: ReadonlySet<string> = new Set(['unauthorized', 'role_insufficient', 'tenant_required']);

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

/** The one cache of the console. A session that ended, or a role that changed, is noticed by the first call refused. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiError && CODES_ABOUT_THE_SESSION.has(error.code)) {
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey, exact: true });
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
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
  return client;
}
