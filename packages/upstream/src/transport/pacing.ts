/** Pacing and retries, for clients that need nothing else. */
export { isAccountExhausted, type RequestFailure } from '../failures/failure.ts';
export { createPacer, type Pacer } from './pacer.ts';
export { retryWaitMs } from './retry.ts';
