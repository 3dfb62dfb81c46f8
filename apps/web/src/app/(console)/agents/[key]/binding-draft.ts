import { type AgentBinding, LIMITS, type PutAgentBody, type VectorStore } from '@espejo/contracts';
import { readFilter } from '@espejo/core';
import { printFilter, readFilterText } from '#components/filter/filter-tree.ts';

type Bound = PutAgentBody['bindings'][number];
type Ranker = AgentBinding['options']['ranker'];

/** A binding in the form: numbers are text until they are parsed. */
export interface BindingDraft extends Pick<AgentBinding, 'vectorStoreId' | 'name' | 'source' | 'state' | 'mode'> {
  readonly maxNumResults: string;
  readonly scoreThreshold: string;
  readonly ranker: Ranker;
  readonly filter: string;
  readonly includeSearchResults: boolean;
}

export type DraftFaults = Partial<Record<'maxNumResults' | 'scoreThreshold' | 'filter', string>>;

export function toDraft({ vectorStoreId, name, source, state, mode, options }: AgentBinding): BindingDraft {
  const read = options.filters === null ? null : readFilter(options.filters);
  return {
    vectorStoreId,
    name,
    source,
    state,
    mode,
    maxNumResults: options.maxNumResults === null ? '' : String(options.maxNumResults),
    scoreThreshold: options.scoreThreshold === null ? '' : String(options.scoreThreshold),
    ranker: options.ranker,
    filter: read?.ok ? printFilter(read.filter) : '',
    includeSearchResults: options.includeSearchResults,
  };
}

/** The draft of a newly added store, without search options. */
export function newDraft({ id, name, source }: Pick<VectorStore, 'id' | 'name' | 'source'>): BindingDraft {
  return {
    vectorStoreId: id,
    name,
    source,
    state: 'ready',
    mode: 'required',
    maxNumResults: '',
    scoreThreshold: '',
    ranker: null,
    filter: '',
    includeSearchResults: false,
  };
}

/** The errors of a draft, by field. */
export function faultsOf({ maxNumResults, scoreThreshold, filter }: BindingDraft): DraftFaults {
  const count = Number(maxNumResults);
  const isCount = Number.isInteger(count) && count >= 1 && count <= LIMITS.searchResultsMax;
  const score = Number(scoreThreshold);
  const read = readFilterText(filter);
  return {
    ...(maxNumResults.trim() === '' || isCount
      ? {}
      : { maxNumResults: `A whole number from 1 to ${LIMITS.searchResultsMax}.` }),
    ...(scoreThreshold.trim() === '' || (score >= 0 && score <= 1) ? {} : { scoreThreshold: 'From 0 to 1.' }),
    ...(read.ok ? {} : { filter: read.reason }),
  };
}

/** The request body; null while a draft is invalid or its store cannot be searched. */
export function toBindings(drafts: readonly BindingDraft[]): Bound[] | null {
  const isReady = drafts.every((draft) => draft.state === 'ready' && Object.keys(faultsOf(draft)).length === 0);
  if (drafts.length === 0 || !isReady) return null;
  return drafts.map(({ vectorStoreId, mode, maxNumResults, scoreThreshold, ranker, filter, includeSearchResults }) => {
    const read = readFilterText(filter);
    return {
      vectorStoreId,
      mode,
      options: {
        maxNumResults: maxNumResults.trim() === '' ? null : Number(maxNumResults),
        scoreThreshold: scoreThreshold.trim() === '' ? null : Number(scoreThreshold),
        ranker,
        filters: read.ok && read.filter !== null ? { ...read.filter } : null,
        includeSearchResults,
      },
    };
  });
}

/** A short summary of the search options of a binding; null when none is set. */
export function optionWords(draft: BindingDraft): string | null {
  const words = [
    draft.maxNumResults.trim() === '' ? null : `at most ${draft.maxNumResults.trim()} results`,
    draft.scoreThreshold.trim() === '' ? null : `score at least ${draft.scoreThreshold.trim()}`,
    draft.ranker === null ? null : `ranker ${draft.ranker}`,
    draft.filter.trim() === '' ? null : 'filtered',
    draft.includeSearchResults ? 'results in the record' : null,
  ].filter((word) => word !== null);
  return words.length === 0 ? null : words.join(' · ');
}
