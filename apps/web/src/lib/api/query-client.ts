import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';
import { sessionQuery } from './session.ts';

const RETRIES_MAX = 2;
/** The longest wait for a rate limit that is not shown to the user. */
const WAIT_MAX_MS = 5_000;
/** The error codes that mean that the session or its role has changed. */
const SESSION_ERROR_CODES: ReadonlySet<string> = new Set(['unauthorized', 'role_insufficient', 'tenant_required']);

/** Whether a retry of the same request can succeed: after a network error or a server error. */
function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code === 'bad_response') return false;
  return error.status === 0 || error.status >= 500 || retryAfterMs(error) <= WAIT_MAX_MS;
}

/** The `Retry-After` of a rate limit; infinite for any other error. */
function retryAfterMs(error: unknown): number {
  if (!(error instanceof ApiError) || error.code !== 'rate_limit_exceeded') return Number.POSITIVE_INFINITY;
  const seconds = error.details?.retryAfterS;
  return typeof seconds === 'number' ? seconds * 1000 : Number.POSITIVE_INFINITY;
}

/** The query cache of the console. The first rejected request after a session or role change reloads the session. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiError && SESSION_ERROR_CODES.has(error.code)) {
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey, exact: true });
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // The API may run on this machine, so the browser's offline state says nothing about it.
        networkMode: 'always',
        staleTime: 10_000,
        gcTime: 5 * 60_000,
        retry: (failures, error) => failures < RETRIES_MAX && isWorthRetrying(error),
        retryDelay: (attempt, error) => {
          const waitMs = retryAfterMs(error);
          return waitMs <= WAIT_MAX_MS ? waitMs : Math.min(4000, 500 * 2 ** attempt);
        },
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
  return client;
}
