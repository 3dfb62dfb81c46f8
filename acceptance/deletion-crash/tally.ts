import type { Catch } from './scenario.ts';

/** What the seeds came to: proof that they meet what they are there to meet. */
export interface Tally {
  /** Requests in the midst of which a process died, by kind and by what upstream made of them. */
  readonly caught: Record<string, number>;
  readonly statuses: Record<string, number>;
  kills: number;
  starts: number;
  /** Seeds whose deletion was open when a process died. */
  readonly interrupted: Set<number>;
  /** Steps given up for a store that has taken up their file meanwhile. */
  kept: number;
  /** Deletions whose start was lost with the process. */
  neverBegun: number;
  /** Deletions that waited for a scope of their key, and went on once it had it. */
  scopesGiven: number;
}

export function createTally(): Tally {
  return {
    caught: {},
    statuses: {},
    interrupted: new Set(),
    kills: 0,
    starts: 0,
    kept: 0,
    neverBegun: 0,
    scopesGiven: 0,
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

/** The acts of a deletion, each of which some seed must catch before and after its effect. */
export const ACTS = KINDS.map(([, kind]) => kind);

export function printTally({ interrupted, ...rest }: Tally): string {
  return JSON.stringify({ interrupted: interrupted.size, ...rest });
}

export function countCaught({ caught }: Tally, request: string, how: Catch): void {
  const kind = KINDS.find(([pattern]) => pattern.test(request))?.[1] ?? request;
  const key = `${kind}, ${how}`;
  caught[key] = (caught[key] ?? 0) + 1;
}
