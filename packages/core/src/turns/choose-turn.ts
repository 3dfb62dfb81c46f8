/** Whoever waits for one of a few places at something that costs time. */
export interface Waiting {
  readonly tenantId: string;
  readonly storeId: string;
}

interface Spending {
  /** Milliseconds, fading with time, as they were at an instant. */
  readonly spentMs: number;
  readonly atMs: number;
}

/** Who had which turn, and what it cost: all that is needed to say whose turn is next. */
export interface TurnBook {
  readonly turn: number;
  readonly tenantTurns: ReadonlyMap<string, number>;
  readonly storeTurns: ReadonlyMap<string, number>;
  readonly spending: ReadonlyMap<string, Spending>;
}

/** Of what was spent, half counts after this long. */
export const SPENDING_HALF_LIFE_MS = 5 * 60_000;
/** A tenant that has spent more than this lately waits longer while others wait, too. */
export const SPENDING_BUDGET_MS = 60_000;
/** By so many turns. */
export const PENALTY_TURNS = 4;
/** Turns longer ago than this make no difference; they are forgotten when there are many. */
const TURNS_KEPT = 1_000;

export const EMPTY_TURN_BOOK: TurnBook = {
  turn: 0,
  tenantTurns: new Map(),
  storeTurns: new Map(),
  spending: new Map(),
};

/**
 * Whose turn it is, as an index into those waiting, who are in the order of their coming. The tenant whose last turn is
 * longest ago is next, among its stores the one whose last turn is longest ago, and there the first who came. So of k
 * tenants that wait each has one of the next k turns; a tenant over its budget may have to let up to PENALTY_TURNS turns
 * more pass by, and never more. Undefined: nobody waits.
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

/** The book after this tenant's store was given a turn. */
export function recordTurn(book: TurnBook, { tenantId, storeId }: Waiting): TurnBook {
  const turn = book.turn + 1;
  return {
    ...book,
    turn,
    tenantTurns: withTurn(book.tenantTurns, tenantId, turn),
    storeTurns: withTurn(book.storeTurns, keyOf(tenantId, storeId), turn),
  };
}

/** The book after a turn of this tenant has ended that cost so much time. */
export function recordSpending(book: TurnBook, tenantId: string, spentMs: number, nowMs: number): TurnBook {
  const spending = new Map(book.spending);
  spending.set(tenantId, { spentMs: spentLately(book, tenantId, nowMs) + spentMs, atMs: nowMs });
  return { ...book, spending };
}

/** What a tenant has spent, where what was spent long ago counts less. */
export function spentLately(book: TurnBook, tenantId: string, nowMs: number): number {
  const spending = book.spending.get(tenantId);
  if (spending === undefined) return 0;
  return spending.spentMs * 2 ** (-Math.max(0, nowMs - spending.atMs) / SPENDING_HALF_LIFE_MS);
}

/** Its last turn, later than it was for a tenant over its budget: the lowest place is next. */
function placeOf(book: TurnBook, tenantId: string, nowMs: number): number {
  // One that never had a turn, or had it long ago, comes as one whose last turn was before all that are remembered.
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
