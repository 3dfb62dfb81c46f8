import type { Call } from './exchange.ts';

/** Ids are opaque: every listed id is accepted. The look-up rejects an unknown one. */
export function storeIdOf(call: Call): string {
  return call.ids[0] ?? '';
}

/** The id of a file in a store. */
export function storeFileIdOf(call: Call): string {
  return call.ids[1] ?? '';
}

/** The id of a batch of a store. */
export function batchIdOf(call: Call): string {
  return call.ids[1] ?? '';
}

/** The first id of the path, of any kind. */
export function anyIdOf(call: Call): string {
  return call.ids[0] ?? '';
}
