import type { RequestIdentity } from '../http/request-identity.ts';

/** A request to the console API, with the cookies that its response sets. */
export interface RequestContext {
  readonly visitor: RequestIdentity;
  setCookies(cookies: readonly string[]): void;
}
