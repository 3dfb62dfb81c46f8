import { ApiError, createConsoleClient } from '@espejo/contracts';

/** The typed client of the console API; the browser reaches it through this origin's own proxy. */
export const api = createConsoleClient();

export { ApiError };

/** Narrows a query's error to the API's own. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, 'console_fault', error instanceof Error ? error.message : 'Something failed here.', null);
}
