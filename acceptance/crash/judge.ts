import { isDeepStrictEqual } from 'node:util';
import type { Mirror } from './mirror-file.ts';
import { ITEM_KINDS, type ItemKey, type ItemKind, kindOf } from './upstream-items.ts';

/** The state of upstream and of the mirror while no sync runs. */
export interface Moment {
  readonly mirror: Mirror;
  readonly upstream: ReadonlyMap<ItemKey, number>;
}

/** What is known about the interval between two states, in which at most one sync ran. */
export interface Interval {
  readonly before: Moment;
  readonly after: Moment;
  /** Everything that has ever existed upstream. */
  readonly everHeld: ReadonlySet<ItemKey>;
  /** Kinds whose listings may have looked complete but left items out. */
  readonly hiddenKinds: readonly ItemKind[];
  /** False: no sync ran, so the mirror must be unchanged. */
  readonly mayChange: boolean;
  /** A review was approved, now or before. */
  readonly isApproved: boolean;
  /** Kinds that a listing since the last clean full sync may have left out in part. */
  readonly doubtfulKinds: readonly ItemKind[];
  /** A full or quick sync succeeded without faults and without concurrent changes. */
  readonly clean: 'full' | 'plain' | null;
}

/** How many items of a kind one sync may remove without an approval. */
const removalLimit = (knownCount: number): number => Math.max(5, Math.floor(knownCount * 0.2));

/** Returns the invariants of the mirror that an interval violates. Independent of how a sync is implemented. */
export function findBrokenInvariants(interval: Interval): string[] {
  const { before, after, everHeld, hiddenKinds, mayChange, clean } = interval;
  const broken: string[] = [];
  for (const [key, { isMissing }] of before.mirror.items) {
    const now = after.mirror.items.get(key);
    const held = before.upstream.get(key);
    const isHeldThroughout = held !== undefined && after.upstream.get(key) === held;
    if (now === undefined && isHeldThroughout) broken.push(`${key}: removed, though upstream held it all the time`);
    if (now === undefined && !isMissing && !wentWithItsStore(key, interval)) {
      broken.push(`${key}: removed, though no complete listing before had been without it`);
    }
    if (now?.isMissing === true && !isMissing && isHeldThroughout && !hiddenKinds.includes(kindOf(key))) {
      broken.push(`${key}: called missing, though no complete listing can have been without it`);
    }
  }
  for (const key of after.mirror.items.keys()) {
    if (!everHeld.has(key)) broken.push(`${key}: in the mirror, though upstream never held it`);
  }
  if (!mayChange && !isDeepStrictEqual(before.mirror.rows, after.mirror.rows)) broken.push('the mirror was changed');
  if (!interval.isApproved) broken.push(...findMassRemovals(interval));
  if (clean !== null) broken.push(...findDifferences(interval, clean));
  return broken;
}

function findMassRemovals(interval: Interval): string[] {
  const { before, after } = interval;
  return ITEM_KINDS.flatMap((kind) => {
    const known = new Set(
      [...before.mirror.items.keys(), ...after.mirror.items.keys()].filter((key) => kindOf(key) === kind),
    );
    const removed = [...known].filter((key) => !after.mirror.items.has(key) && !wentWithItsStore(key, interval));
    return removed.length > removalLimit(known.size) ? [`${removed.length} of ${known.size} went: ${kind}`] : [];
  });
}

/**
 * After a full sync, everything upstream is present in the mirror, and everything else is at least marked missing. A quick sync
 * relies on the counts of upstream, so wrong counts of a store can hide that something in it is gone.
 */
function findDifferences({ after, doubtfulKinds }: Interval, clean: 'full' | 'plain'): string[] {
  const { mirror, upstream } = after;
  const isShown = (key: ItemKey) => mirror.items.get(key)?.isMissing === false;
  const isExcused = (key: ItemKey) => clean === 'plain' && doubtfulKinds.includes(kindOf(key));
  const hidden = [...upstream.keys()].filter((key) => !isShown(key) && !isExcused(key));
  // A store that is marked missing covers its files.
  const stale = [...mirror.items.keys()].filter(
    (key) => !upstream.has(key) && isShown(key) && isShown(storeKeyOf(key) ?? key),
  );
  return [
    ...hidden.map((key) => `${key}: not shown`),
    ...(clean === 'full' ? stale : []).map((key) => `${key}: shown, though upstream has it no more`),
  ];
}

/** An attachment may be removed with its store; then the store must have been missing before. */
function wentWithItsStore(key: ItemKey, { before, after }: Interval): boolean {
  const store = storeKeyOf(key);
  return store !== null && before.mirror.items.get(store)?.isMissing === true && !after.mirror.items.has(store);
}

/** The store of an attachment; null for other items. */
function storeKeyOf(key: ItemKey): ItemKey | null {
  return key.startsWith('attachment ') ? `store ${key.slice('attachment '.length, key.indexOf('/'))}` : null;
}
