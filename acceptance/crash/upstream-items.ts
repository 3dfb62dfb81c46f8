import type { SandboxState } from '@espejo/sandbox';

export const ITEM_KINDS = ['store', 'attachment', 'file'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** `store vs_…`, `file file-…`, `attachment vs_…/file-…`. */
export type ItemKey = `store ${string}` | `file ${string}` | `attachment ${string}/${string}`;

/**
 * All current items of a project with a number that is never reused: the same number in two states
 * means that the item existed all the time between them; attaching a file again gives it another number.
 */
export function upstreamItems(state: SandboxState): ReadonlyMap<ItemKey, number> {
  const items = new Map<ItemKey, number>();
  // Reading the ids first applies expiries that are due.
  state.storeIds();
  for (const store of state.project.stores.values()) {
    items.set(`store ${store.id}`, store.seq);
    for (const row of store.attachments.values()) items.set(`attachment ${store.id}/${row.id}`, row.seq);
  }
  for (const file of state.project.files.values()) items.set(`file ${file.id}`, file.seq);
  return items;
}

export function kindOf(key: ItemKey): ItemKind {
  if (key.startsWith('store ')) return 'store';
  return key.startsWith('file ') ? 'file' : 'attachment';
}
