import type { SelectionState } from '#components/data-table/selection-state.ts';
import type { StoreFilter } from '#lib/api/vector-stores.ts';

export interface BulkTarget {
  readonly storeIds?: string[];
  readonly filter?: StoreFilter;
  readonly exceptStoreIds?: string[];
}

/** The selected stores as the API takes them. The API finds those that match a filter at the time of the request. */
export function targetOf(state: SelectionState, filter: StoreFilter): BulkTarget {
  if (state.kind === 'ids') return { storeIds: [...state.ids] };
  return state.exceptIds.size === 0 ? { filter } : { filter, exceptStoreIds: [...state.exceptIds] };
}
