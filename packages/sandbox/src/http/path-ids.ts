import type { Call } from './exchange.ts';

/** Ids are opaque: whatever was listed can be asked for. What is not there is refused by whoever looks it up. */
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

/** The first id of the path, whatever it names. */
export function anyIdOf(call: Call): string {
  return call.ids[0] ?? '';
}
