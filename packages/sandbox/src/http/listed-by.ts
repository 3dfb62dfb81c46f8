import type { OrderedRow } from '../state/ordered-rows.ts';
import type { Distortion } from './exchange.ts';

/** Filters the rows of a distorted list. Rows other than stores have only their second, whose end is used. */
export function listedBy(distortion: Distortion | null): ((row: OrderedRow) => boolean) | undefined {
  if (distortion === null) return undefined;
  return (row) => distortion.isListed({ id: row.id, createdAtMs: row.createdAt * 1000 + 999 });
}
