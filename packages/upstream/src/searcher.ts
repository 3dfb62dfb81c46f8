import type { JsonObject } from '@espejo/core';
import type { ListOptions } from './port.ts';

/** One file that a search found, as upstream returns it. */
export interface UpstreamHit {
  readonly fileId: string;
  readonly filename: string;
  /** 0..1. */
  readonly score: number;
  readonly attributes: JsonObject | null;
  readonly texts: readonly string[];
}

/**
 * The port that reads a store's content upstream: it searches, and reads parsed text. It can change nothing: a search
 * is a POST, but its client can send no other one. Failures throw `UpstreamError`.
 */
export interface UpstreamSearcher {
  /** Sends a search unchanged, field by field, and returns its queries and hits. */
  search(storeId: string, body: JsonObject, options?: ListOptions): Promise<{ queries: string[]; hits: UpstreamHit[] }>;
  /** The parsed text of a file in a store, in its parts. Interactive unless `isInteractive` is false. */
  readFileText(
    storeId: string,
    fileId: string,
    options?: ListOptions & { readonly isInteractive?: boolean },
  ): Promise<string[]>;
}
