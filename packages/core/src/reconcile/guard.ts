import type { ItemKind, ReviewReason, UpstreamScopeSeen } from './types.ts';

/**
 * A run may remove this many items of a kind, or this share of what is known, whichever is more; beyond it a person
 * decides.
 */
export const REMOVAL_LIMIT = { count: 5, share: 0.2 } as const;

const NOUN: Record<ItemKind, string> = {
  vector_stores: 'vector stores',
  files: 'files',
  attachments: 'attached files',
};

/**
 * Checks a complete listing of stores before it is applied. An empty listing, or one with only unknown ids although
 * stores were known, is a sign of a wrong key, a wrong project or a faulty upstream (rule 5).
 */
export function guardStoreListing(input: {
  knownCount: number;
  seenCount: number;
  seenKnownCount: number;
}): ReviewReason | null {
  const { knownCount, seenCount, seenKnownCount } = input;
  if (knownCount === 0 || seenKnownCount > 0) return null;
  if (seenCount === 0) {
    return {
      code: 'empty_listing',
      kind: 'vector_stores',
      value: 0,
      limit: 1,
      known: knownCount,
      message: `OpenAI listed no vector stores at all, but ${count(knownCount, 'is', 'are')} known here. The listing may be wrong, or the key may belong to another project.`,
    };
  }
  return {
    code: 'only_unknown_ids',
    kind: 'vector_stores',
    value: seenCount,
    limit: 0,
    known: knownCount,
    message: `None of the ${knownCount} known vector stores is in the listing; all ${seenCount} listed ids are new. The key probably belongs to another project.`,
  };
}

/**
 * The key belongs to another organization or project than the one the mirror was made from. A missing name is no
 * evidence.
 */
export function guardScope(
  seen: UpstreamScopeSeen,
  accepted: UpstreamScopeSeen,
  knownCount: number,
): ReviewReason | null {
  const isOther = (now: string | null, before: string | null) => now !== null && before !== null && now !== before;
  if (knownCount === 0) return null;
  if (!isOther(seen.project, accepted.project) && !isOther(seen.organization, accepted.organization)) return null;
  return {
    code: 'project_changed',
    kind: 'connection',
    value: 1,
    limit: 0,
    known: knownCount,
    message: `The key now answers for ${describe(seen)}; this mirror was made from ${describe(accepted)}.`,
  };
}

/**
 * Sample files, read by id, because the project has no store to identify it by: if all are gone, it is probably another
 * project.
 */
export function guardMissingSamples({
  absentCount,
  knownCount,
}: {
  absentCount: number;
  knownCount: number;
}): ReviewReason | null {
  if (absentCount === 0) return null;
  return {
    code: 'only_unknown_ids',
    kind: 'files',
    value: absentCount,
    limit: 0,
    known: knownCount,
    message: `None of the ${absentCount} newest known files is there any more, and no vector store is known to tell the project by. The key may belong to another project.`,
  };
}

/** The circuit breaker on removals of one kind (rule 5). */
export function guardRemovals(kind: ItemKind, candidateCount: number, knownCount: number): ReviewReason | null {
  const limit = removalLimit(knownCount);
  if (candidateCount <= limit) return null;
  const percent = Math.round((candidateCount / knownCount) * 100);
  return {
    code: 'too_many_removals',
    kind,
    value: candidateCount,
    limit,
    known: knownCount,
    message: `${candidateCount} of ${knownCount} known ${NOUN[kind]} (${percent} %) are no longer listed; more than ${limit} at once need a person's approval.`,
  };
}

/** How many items of a kind one run may remove without approval. */
export function removalLimit(knownCount: number): number {
  return Math.max(REMOVAL_LIMIT.count, Math.floor(knownCount * REMOVAL_LIMIT.share));
}

function describe(scope: UpstreamScopeSeen): string {
  return scope.project ?? scope.organization ?? 'an unnamed project';
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
