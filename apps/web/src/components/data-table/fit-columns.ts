import type { ColumnMeta } from './setup.ts';

export interface FitColumn {
  readonly id: string;
  readonly meta: Pick<ColumnMeta, 'widthPx' | 'priority'>;
}

/** The columns that fit into a width, in order: drops those of lowest priority until the rest fits. */
export function fitColumns(columns: readonly FitColumn[], widthPx: number): Set<string> {
  const kept = [...columns].sort((left, right) => right.meta.priority - left.meta.priority);
  let totalPx = kept.reduce((sum, column) => sum + column.meta.widthPx, 0);
  while (totalPx > widthPx) {
    const least = kept.at(-1);
    if (least === undefined || least.meta.priority === Number.POSITIVE_INFINITY) break;
    totalPx -= least.meta.widthPx;
    kept.pop();
  }
  return new Set(kept.map((column) => column.id));
}
