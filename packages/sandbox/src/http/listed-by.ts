import type { OrderedRow } from '../state/ordered-rows.ts';
import type { Distortion } from './exchange.ts';

/** The rows a distorted list shows. Rows other than stores know their second only; its end is taken. */
export function listedBy(distortion: Distortion | null): ((row: OrderedRow) => boolean) | undefined {
  if (distortion === null) return undefined;
  return (row) => distortion.isListed({ id: row.id, createdAtMs: row.createdAt * 1000 + 999 });
}
