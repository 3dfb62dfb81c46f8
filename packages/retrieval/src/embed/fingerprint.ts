import { createHash } from 'node:crypto';

/** A stable id of an embedding model: equal facts, in any order of keys, give equal fingerprints. */
export function modelFingerprint(facts: Readonly<Record<string, string | number | null>>): string {
  const sorted = Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 32);
}
