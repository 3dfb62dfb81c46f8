import type { DebtKind } from '@espejo/contracts';

/** A clean-up started from a card, and the deletion that carries it out. */
export interface CleanUp {
  readonly kind: DebtKind;
  readonly deletionId: string;
}

/** Key in the session storage: a reload still shows the clean-ups of this tab. */
export const CLEAN_UPS_KEY = 'espejo-clean-ups';

export function printCleanUps(cleanUps: readonly CleanUp[]): string {
  return JSON.stringify(cleanUps.map(({ kind, deletionId }) => [kind, deletionId]));
}

/** The stored clean-ups, without entries that cannot be parsed. */
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
