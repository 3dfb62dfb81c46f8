import type { JsonObject } from '@espejo/core';
import type { ListOptions } from './port.ts';

/** One file that a search found, as upstream has it. */
export interface UpstreamHit {
  readonly fileId: string;
  readonly filename: string;
  /** 0..1. */
  readonly score: number;
  readonly attributes: JsonObject | null;
  readonly texts: readonly string[];
}

/**
 * The port that asks upstream for a store's content: it searches, and reads parsed text. It can change nothing, though
 * a search is a POST; a client that can send that one alone carries it. Failures throw `UpstreamError`.
 */
export interface UpstreamSearcher {
  /** Sends a search as it was asked, field by field, and answers what was searched for and found. */
  search(storeId: string, body: JsonObject, options?: ListOptions): Promise<{ queries: string[]; hits: UpstreamHit[] }>;
  /** The parsed text of a file in a store, in its parts. Somebody waits for it, unless it is said that nobody does. */
  readFileText(
    storeId: string,
    fileId: string,
    options?: ListOptions & { readonly isInteractive?: boolean },
  ): Promise<string[]>;
}
