import type { StoreSnapshot } from './snapshot.ts';
import { STORE_FIELD_NAMES } from './store-fields.ts';

/** What the mirror stores of an item: enough to tell whether upstream's row differs. */
export interface KnownItem {
  readonly hash: string;
  readonly isMissing: boolean;
}

/**
 * added: never seen. changed: differs from the mirror. returned: was missing, is listed again (its row is written
 * again, which covers a change too). unchanged: nothing to write. repeated: this listing showed it before.
 */
export type DiffKind = 'added' | 'changed' | 'returned' | 'unchanged' | 'repeated';

/**
 * Compares one listing, item by item as its pages arrive, with the mirror at its beginning. It never decides that an
 * item is gone: `unseen()` may be read only after the listing ended cleanly (rule 3).
 */
export interface ListingDiff {
  see(id: string, hash: string): DiffKind;
  /** Known items that the listing did not show. */
  unseen(): readonly string[];
  readonly seenCount: number;
}

export function createListingDiff(known: ReadonlyMap<string, KnownItem>): ListingDiff {
  const seen = new Set<string>();
  return {
    see(id, hash) {
      if (seen.has(id)) return 'repeated';
      seen.add(id);
      return classify(known.get(id), hash);
    },
    unseen: () => [...known.keys()].filter((id) => !seen.has(id)),
    get seenCount() {
      return seen.size;
    },
  };
}

export function classify(known: KnownItem | undefined, hash: string): DiffKind {
  if (known === undefined) return 'added';
  if (known.isMissing) return 'returned';
  return known.hash === hash ? 'unchanged' : 'changed';
}

export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

const COMPARED_FIELDS = [...STORE_FIELD_NAMES, 'extra'] as const;

/** The differing fields of two rows of a store, for its history. */
export function diffStoreFields(before: StoreSnapshot, after: StoreSnapshot): readonly FieldChange[] {
  return COMPARED_FIELDS.filter((field) => !isSameJson(before[field], after[field])).map((field) => ({
    field,
    before: before[field],
    after: after[field],
  }));
}

export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSameJson(Reflect.get(a, key), Reflect.get(b, key)))
  );
}
