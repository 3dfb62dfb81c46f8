import { wrongIdPrefix } from '@espejo/contracts/openai';
import type { Call } from './exchange.ts';

/** The store's id from the path; an id of another form is refused before anything is looked up. */
export function storeIdOf(call: Call): string {
  return checked('vector_store_id', call.ids[0], 'vs_');
}

/** The id of a file in a store. */
export function storeFileIdOf(call: Call): string {
  return checked('file_id', call.ids[1], 'file-');
}

/** The id of a batch of a store. */
export function batchIdOf(call: Call): string {
  return checked('batch_id', call.ids[1], 'vsfb_');
}

/** The first id of the path, whatever its form: `/files` answers a wrong one with 404. */
export function anyIdOf(call: Call): string {
  return call.ids[0] ?? '';
}

function checked(param: string, id: string | undefined, prefix: string): string {
  if (id === undefined || !id.startsWith(prefix)) throw wrongIdPrefix(param, id ?? '', prefix);
  return id;
}
