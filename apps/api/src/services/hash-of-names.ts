import { createHash } from 'node:crypto';

/** One text for a list of names, in its order. No name may have a line break. */
export function hashOfNames(names: readonly string[]): string {
  return createHash('sha256').update(names.join('\n')).digest('hex');
}
