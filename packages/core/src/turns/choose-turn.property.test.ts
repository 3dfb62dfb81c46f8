import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseTurn,
  EMPTY_TURN_BOOK,
  PENALTY_TURNS,
  recordSpending,
  recordTurn,
  SPENDING_BUDGET_MS,
  SPENDING_HALF_LIFE_MS,
  type TurnBook,
  type Waiting,
} from './choose-turn.ts';

const NOW_MS = 1_000_000;

const someone = fc.record({
  tenantId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  storeId: fc.constantFrom('s1', 's2', 's3'),
});
const history = fc.array(fc.tuple(someone, fc.integer({ min: 0, max: SPENDING_BUDGET_MS / 4 })), { maxLength: 60 });
const line = fc.array(someone, { minLength: 1, maxLength: 40 });

function bookAfter(turns: readonly (readonly [Waiting, number])[], isSpent: boolean): TurnBook {
  return turns.reduce((book, [who, spentMs]) => {
    const taken = recordTurn(book, who);
    return isSpent ? recordSpending(taken, who.tenantId, spentMs, NOW_MS) : taken;
  }, EMPTY_TURN_BOOK);
}

/** All waiting entries in the order of their turns, when no new one comes. */
function orderOf(start: TurnBook, waiting: readonly Waiting[], spentMs = 0): Waiting[] {
  const left = [...waiting];
  const order: Waiting[] = [];
  let book = start;
  for (;;) {
    const index = chooseTurn(book, left, NOW_MS);
    if (index === undefined) return order;
    const [who] = left.splice(index, 1) as [Waiting];
    order.push(who);
    book = recordSpending(recordTurn(book, who), who.tenantId, spentMs, NOW_MS);
  }
}

const tenantsOf = (waiting: readonly Waiting[]) => new Set(waiting.map(({ tenantId }) => tenantId));

describe('chooseTurn', () => {
  it('gives every waiting entry a turn, and no other', () => {
    fc.assert(
      fc.property(history, line, (turns, waiting) => {
        const order = orderOf(bookAfter(turns, true), waiting, SPENDING_BUDGET_MS / 3);
        expect(order.map((who) => JSON.stringify(who)).sort()).toEqual(
          waiting.map((who) => JSON.stringify(who)).sort(),
        );
      }),
    );
    expect(chooseTurn(EMPTY_TURN_BOOK, [], NOW_MS)).toBeUndefined();
  });

  it('serves each of k waiting tenants within k turns, whatever was before', () => {
    fc.assert(
      fc.property(history, line, (turns, waiting) => {
        const order = orderOf(bookAfter(turns, false), waiting);
        const tenants = tenantsOf(waiting);
        expect(tenantsOf(order.slice(0, tenants.size))).toEqual(tenants);
      }),
    );
  });

  it('gives no tenant a second turn before another waiting tenant has had its first', () => {
    fc.assert(
      fc.property(history, line, (turns, waiting) => {
        const order = orderOf(bookAfter(turns, false), waiting);
        for (const [at, { tenantId }] of order.entries()) {
          const before = order.slice(0, at).findLastIndex((who) => who.tenantId === tenantId);
          if (before === -1) continue;
          const between = tenantsOf(order.slice(before + 1, at));
          const passedOver = [...tenantsOf(order.slice(at))].filter(
            (other) => other !== tenantId && !between.has(other),
          );
          expect(passedOver).toEqual([]);
        }
      }),
    );
  });

  it('gives each store of a tenant a turn before any of its stores has a second', () => {
    fc.assert(
      fc.property(line, (waiting) => {
        for (const tenantId of tenantsOf(waiting)) {
          const stores = orderOf(EMPTY_TURN_BOOK, waiting).filter((who) => who.tenantId === tenantId);
          const count = new Set(stores.map(({ storeId }) => storeId)).size;
          expect(new Set(stores.slice(0, count).map(({ storeId }) => storeId)).size).toBe(count);
        }
      }),
    );
  });

  it('lets a tenant over its budget wait a few turns more, and no longer', () => {
    fc.assert(
      fc.property(history, line, fc.constantFrom('a', 'b', 'c'), (turns, waiting, spender) => {
        const book = recordSpending(bookAfter(turns, false), spender, 2 * SPENDING_BUDGET_MS, NOW_MS);
        const order = orderOf(book, waiting);
        const tenants = tenantsOf(waiting);
        const others = [...tenants].filter((tenantId) => tenantId !== spender);
        expect([...tenantsOf(order.slice(0, tenants.size))]).toEqual(expect.arrayContaining(others));
        if (tenants.has(spender)) {
          const first = order.findIndex(({ tenantId }) => tenantId === spender);
          expect(first).toBeLessThan(tenants.size + PENALTY_TURNS);
        }
      }),
    );
  });

  it('puts a tenant over its budget behind others that would have been after it', () => {
    const taken = recordTurn(recordTurn(EMPTY_TURN_BOOK, { tenantId: 'a', storeId: 's' }), {
      tenantId: 'b',
      storeId: 's',
    });
    const waiting = [
      { tenantId: 'a', storeId: 's' },
      { tenantId: 'b', storeId: 's' },
    ];
    const next = (book: TurnBook, nowMs = NOW_MS) => waiting[chooseTurn(book, waiting, nowMs) ?? -1]?.tenantId;
    expect(next(taken)).toBe('a');
    const spent = recordSpending(taken, 'a', 1.5 * SPENDING_BUDGET_MS, NOW_MS);
    expect(next(spent)).toBe('b');
    expect(next(spent, NOW_MS + SPENDING_HALF_LIFE_MS)).toBe('a');
  });

  it('keeps a bounded number of turns, however many there were', () => {
    let book = EMPTY_TURN_BOOK;
    for (let at = 0; at < 2_500; at += 1) book = recordTurn(book, { tenantId: `t${at}`, storeId: `s${at}` });
    expect(book.tenantTurns.size).toBeLessThanOrEqual(2_001);
    expect(book.storeTurns.size).toBeLessThanOrEqual(2_001);
  });
});
