import { createHash } from 'node:crypto';

/** One text for a list of names, in order. No name may contain a line break. */
export function hashOfNames(names: readonly string[]): string {
  return createHash('sha256').update(names.join('\n')).digest('hex');
}
