import type { Project } from '../project.ts';
import { type Metadata, NO_METADATA, type StoreRow } from '../rows.ts';
import { findStore } from './find-store.ts';
import { scheduleStoreExpiry } from './settle.ts';

/** Omitted fields keep, null clears. Upstream cannot change a description. */
export interface UpdateStoreInput {
  readonly name?: string | null | undefined;
  readonly metadata?: Metadata | null | undefined;
  readonly expiresAfterDays?: number | null | undefined;
}

/** Changes a store. A new policy counts from the last activity; an expired store stays expired. */
export function updateStore(project: Project, storeId: string, input: UpdateStoreInput): StoreRow {
  const store = findStore(project, storeId);
  if (input.name !== undefined) store.name = input.name;
  if (input.metadata !== undefined) store.metadata = input.metadata ?? NO_METADATA;
  if (input.expiresAfterDays !== undefined) {
    store.expiresAfterDays = input.expiresAfterDays;
    scheduleStoreExpiry(project, store);
  }
  return store;
}
