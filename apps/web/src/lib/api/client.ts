import { ApiError, createConsoleClient } from '@espejo/contracts';

/** The typed client of the console API, through the proxy on this origin. */
export const api = createConsoleClient();

export { ApiError };

/** Converts a query's error to an ApiError. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(
    0,
    'console_fault',
    error instanceof Error ? error.message : 'Unexpected error in the console.',
    null,
  );
}
