/** What paces and repeats requests, for clients that need none of the rest. */
export { isAccountExhausted, type RequestFailure } from '../failures/failure.ts';
export { createPacer, type Pacer } from './pacer.ts';
export { retryWaitMs } from './retry.ts';
