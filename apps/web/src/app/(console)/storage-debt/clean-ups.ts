import type { DebtKind } from '@espejo/contracts';

/** A clean-up that was begun from a card, by the deletion that carries it out. */
export interface CleanUp {
  readonly kind: DebtKind;
  readonly deletionId: string;
}

/** Where the tab remembers what it began, so that a reload goes on showing it. */
export const CLEAN_UPS_KEY = 'espejo-clean-ups';

export function printCleanUps(cleanUps: readonly CleanUp[]): string {
  return JSON.stringify(cleanUps.map(({ kind, deletionId }) => [kind, deletionId]));
}

/** What was remembered; nothing of what cannot be read. */
export function readCleanUps(text: string | null, kinds: ReadonlySet<string>): CleanUp[] {
  const rows = parse(text);
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    if (!Array.isArray(row)) return [];
    const [kind, deletionId] = row as unknown[];
    if (typeof kind !== 'string' || typeof deletionId !== 'string' || !kinds.has(kind)) return [];
    return [{ kind: kind as DebtKind, deletionId }];
  });
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
}
