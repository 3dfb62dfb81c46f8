/** A request for one of a few slots of work that takes time. */
export interface Waiting {
  readonly tenantId: string;
  readonly storeId: string;
}

interface Spending {
  /** Milliseconds as of an instant, decaying with time. */
  readonly spentMs: number;
  readonly atMs: number;
}

/** Past turns and their cost: all that is needed to choose the next. */
export interface TurnBook {
  readonly turn: number;
  readonly tenantTurns: ReadonlyMap<string, number>;
  readonly storeTurns: ReadonlyMap<string, number>;
  readonly spending: ReadonlyMap<string, Spending>;
}

/** After this time half of what was spent counts. */
export const SPENDING_HALF_LIFE_MS = 5 * 60_000;
/** A tenant that has recently spent more than this waits longer while others wait, too. */
export const SPENDING_BUDGET_MS = 60_000;
/** By so many turns. */
export const PENALTY_TURNS = 4;
/** Older turns make no difference; they are removed when there are many. */
const TURNS_KEPT = 1_000;

export const EMPTY_TURN_BOOK: TurnBook = {
  turn: 0,
  tenantTurns: new Map(),
  storeTurns: new Map(),
  spending: new Map(),
};

/**
 * Chooses the next turn, as an index into the waiting entries, which are in order of arrival. The tenant whose last
 * turn is longest ago is next, of its stores the one whose last turn is longest ago, and of its entries the first. So
 * of k waiting tenants each has one of the next k turns; a tenant over its budget may wait up to PENALTY_TURNS turns
 * more, and no longer. Undefined: none waits.
 */
export function chooseTurn(book: TurnBook, waiting: readonly Waiting[], nowMs: number): number | undefined {
  let best: { index: number; place: number; storeTurn: number } | undefined;
  const places = new Map<string, number>();
  for (const [index, { tenantId, storeId }] of waiting.entries()) {
    const place = places.get(tenantId) ?? placeOf(book, tenantId, nowMs);
    places.set(tenantId, place);
    const storeTurn = book.storeTurns.get(keyOf(tenantId, storeId)) ?? -1;
    const isSooner =
      best === undefined ||
      place < best.place ||
      (isOfTenant(waiting, best.index, tenantId) && storeTurn < best.storeTurn);
    if (isSooner) best = { index, place, storeTurn };
  }
  return best?.index;
}

/** The book after a turn of this tenant's store. */
export function recordTurn(book: TurnBook, { tenantId, storeId }: Waiting): TurnBook {
  const turn = book.turn + 1;
  return {
    ...book,
    turn,
    tenantTurns: withTurn(book.tenantTurns, tenantId, turn),
    storeTurns: withTurn(book.storeTurns, keyOf(tenantId, storeId), turn),
  };
}

/** The book after a turn of this tenant ended that took so much time. */
export function recordSpending(book: TurnBook, tenantId: string, spentMs: number, nowMs: number): TurnBook {
  const spending = new Map(book.spending);
  spending.set(tenantId, { spentMs: spentLately(book, tenantId, nowMs) + spentMs, atMs: nowMs });
  return { ...book, spending };
}

/** What a tenant has spent, with decay over time. */
export function spentLately(book: TurnBook, tenantId: string, nowMs: number): number {
  const spending = book.spending.get(tenantId);
  if (spending === undefined) return 0;
  return spending.spentMs * 2 ** (-Math.max(0, nowMs - spending.atMs) / SPENDING_HALF_LIFE_MS);
}

/** Its last turn, moved later for a tenant over its budget: the lowest value is next. */
function placeOf(book: TurnBook, tenantId: string, nowMs: number): number {
  // A tenant that never had a turn, or had it long ago, counts as one whose last turn was before all that are kept.
  const lastTurn = Math.max(book.tenantTurns.get(tenantId) ?? 0, book.turn - TURNS_KEPT);
  return lastTurn + (spentLately(book, tenantId, nowMs) > SPENDING_BUDGET_MS ? PENALTY_TURNS : 0);
}

function isOfTenant(waiting: readonly Waiting[], index: number, tenantId: string): boolean {
  return waiting[index]?.tenantId === tenantId;
}

function withTurn(turns: ReadonlyMap<string, number>, key: string, turn: number): ReadonlyMap<string, number> {
  const kept =
    turns.size < 2 * TURNS_KEPT ? new Map(turns) : new Map([...turns].filter(([, last]) => last > turn - TURNS_KEPT));
  return kept.set(key, turn);
}

function keyOf(tenantId: string, storeId: string): string {
  return JSON.stringify([tenantId, storeId]);
}
