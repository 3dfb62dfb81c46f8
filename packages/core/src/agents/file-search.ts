import type { AttributeFilter } from '../filter/attribute-filter.ts';

/**
 * How an agent needs a store. `required`: it must not be built without it. `default`: it has it unless the caller
 * leaves it out.
 */
export const BINDING_MODES = ['required', 'default'] as const;
export type BindingMode = (typeof BINDING_MODES)[number];

/** The rankers of OpenAI's file search. */
export const FILE_SEARCH_RANKERS = ['auto', 'default-2024-11-15'] as const;
export type FileSearchRanker = (typeof FILE_SEARCH_RANKERS)[number];

/** How an agent searches a store; null leaves a field to the default of the search. */
export interface FileSearchOptions {
  readonly maxNumResults: number | null;
  readonly filters: AttributeFilter | null;
  readonly ranker: FileSearchRanker | null;
  readonly scoreThreshold: number | null;
  /** Whether the run's record includes the search results, or only the answer made from them. */
  readonly includeSearchResults: boolean;
}

/** A use of a store by an agent. */
export interface StoreUse {
  readonly storeId: string;
  readonly agentKey: string;
  readonly mode: BindingMode;
}
