import { isDeepStrictEqual } from 'node:util';
import type { Mirror } from './mirror-file.ts';
import { ITEM_KINDS, type ItemKey, type ItemKind, kindOf } from './upstream-items.ts';

/** The two worlds at one moment at which no sync runs. */
export interface Moment {
  readonly mirror: Mirror;
  readonly upstream: ReadonlyMap<ItemKey, number>;
}

/** What is known of the time between two moments, in which at most one sync ran. */
export interface Interval {
  readonly before: Moment;
  readonly after: Moment;
  /** Everything that upstream has held at any time. */
  readonly everHeld: ReadonlySet<ItemKey>;
  /** Listings of these may have ended cleanly without showing all there is. */
  readonly hiddenKinds: readonly ItemKind[];
  /** False: nothing ran that may write the mirror. */
  readonly mayChange: boolean;
  /** A person has approved removals, now or before. */
  readonly isApproved: boolean;
  /** Of these, a listing since the last clean full sync may have left something out. */
  readonly doubtfulKinds: readonly ItemKind[];
  /** A sync succeeded that looked at all there is or at what changed; no fault and no history came in its way. */
  readonly clean: 'full' | 'plain' | null;
}

/** What one sync may remove of a kind without a person. */
const removalLimit = (knownCount: number): number => Math.max(5, Math.floor(knownCount * 0.2));

/** Says which of the mirror's promises were broken in an interval. Plain, and without knowledge of how a sync works. */
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
 * After a full sync, all that is there is shown as there, and all that is not is at least doubted. A plain one relies on
 * what upstream said before, and a store that upstream counts wrong gives it no sign that something in it is gone.
 */
function findDifferences({ after, doubtfulKinds }: Interval, clean: 'full' | 'plain'): string[] {
  const { mirror, upstream } = after;
  const isShown = (key: ItemKey) => mirror.items.get(key)?.isMissing === false;
  const isExcused = (key: ItemKey) => clean === 'plain' && doubtfulKinds.includes(kindOf(key));
  const hidden = [...upstream.keys()].filter((key) => !isShown(key) && !isExcused(key));
  // The doubt about a store covers what is in it.
  const stale = [...mirror.items.keys()].filter(
    (key) => !upstream.has(key) && isShown(key) && isShown(storeKeyOf(key) ?? key),
  );
  return [
    ...hidden.map((key) => `${key}: not shown`),
    ...(clean === 'full' ? stale : []).map((key) => `${key}: shown, though upstream has it no more`),
  ];
}

/** An attachment is removed with its store, and it is the store that must have been missing before. */
function wentWithItsStore(key: ItemKey, { before, after }: Interval): boolean {
  const store = storeKeyOf(key);
  return store !== null && before.mirror.items.get(store)?.isMissing === true && !after.mirror.items.has(store);
}

/** The store an attachment is in; null for what is no attachment. */
function storeKeyOf(key: ItemKey): ItemKey | null {
  return key.startsWith('attachment ') ? `store ${key.slice('attachment '.length, key.indexOf('/'))}` : null;
}
