import type { SandboxState } from '@espejo/sandbox';

/** `store vs_…`, `file file-…`, `attachment vs_…/file-…`. */
export type ItemKey = `store ${string}` | `file ${string}` | `attachment ${string}/${string}`;

/**
 * Everything a project holds now. The number is the item's own and never used again: the same number at two moments
 * means that the project held the item all the time between them; attaching a file anew gives it another one.
 */
export function upstreamItems(state: SandboxState): ReadonlyMap<ItemKey, number> {
  const items = new Map<ItemKey, number>();
  // Reading the ids lets first happen whatever is due by the clock.
  state.storeIds();
  for (const store of state.project.stores.values()) {
    items.set(`store ${store.id}`, store.seq);
    for (const row of store.attachments.values()) items.set(`attachment ${store.id}/${row.id}`, row.seq);
  }
  for (const file of state.project.files.values()) items.set(`file ${file.id}`, file.seq);
  return items;
}
