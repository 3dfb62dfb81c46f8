import type { Visitor } from './visitor.ts';

/** A request to the console API, and what its answer leaves with the browser. */
export interface Visit {
  readonly visitor: Visitor;
  setCookies(cookies: readonly string[]): void;
}
