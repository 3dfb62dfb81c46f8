import type { Catch } from './scenario.ts';

/** Counts over all seeds, to prove that they cover what they should. */
export interface Coverage {
  /** Requests interrupted by a kill, by kind and by how upstream handled them. */
  readonly caught: Record<string, number>;
  readonly statuses: Record<string, number>;
  kills: number;
  starts: number;
  /** Seeds whose deletion was open at a kill. */
  readonly interrupted: Set<number>;
  /** Steps cancelled because another store now contains their file. */
  kept: number;
  /** Deletions whose start was lost with the process. */
  neverBegun: number;
  /** Deletions that were parked for a missing scope and continued once the key had it. */
  scopesGiven: number;
  /** Deleted stores and files that upstream still showed, and that were asked for again. */
  lateRemovals: number;
}

export function createCoverage(): Coverage {
  return {
    caught: {},
    statuses: {},
    interrupted: new Set(),
    kills: 0,
    starts: 0,
    kept: 0,
    neverBegun: 0,
    scopesGiven: 0,
    lateRemovals: 0,
  };
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^DELETE \/vector_stores\/[^/]+\/files\//, 'detach'],
  [/^DELETE \/files\//, 'delete file'],
  [/^GET \/files\//, 'prove file gone'],
  [/^GET \/vector_stores\/[^/]+\/files$/, 'look into store'],
  [/^DELETE \/vector_stores\//, 'delete store'],
  [/^GET \/vector_stores\//, 'prove store gone'],
  [/^GET \/vector_stores$/, 'read membership again'],
];

/** The requests of a deletion; some seed must interrupt each before and after its effect. */
export const ACTS = KINDS.map(([, kind]) => kind);

export function printCoverage({ interrupted, ...rest }: Coverage): string {
  return JSON.stringify({ interrupted: interrupted.size, ...rest });
}

export function countCaught({ caught }: Coverage, request: string, how: Catch): void {
  const kind = KINDS.find(([pattern]) => pattern.test(request))?.[1] ?? request;
  const key = `${kind}, ${how}`;
  caught[key] = (caught[key] ?? 0) + 1;
}
