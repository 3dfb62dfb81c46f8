import type { RequestIdentity } from '../http/request-identity.ts';

/** A request to the console API, and what its answer leaves with the browser. */
export interface RequestContext {
  readonly visitor: RequestIdentity;
  setCookies(cookies: readonly string[]): void;
}
