import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../port.ts';
import { CursorRefused, type FetchedPage, listPages } from './list-pages.ts';

const scope = { organization: null, project: null };
const CALLS_MAX = 200;

interface Outcome {
  readonly seen: ReadonlySet<string>;
  readonly isComplete: boolean;
  readonly callCount: number;
}

async function run(
  answer: (
    after: string | null,
    call: number,
  ) => { readonly items: readonly string[]; readonly hasMore: boolean } | null,
): Promise<Outcome> {
  const seen = new Set<string>();
  let callCount = 0;
  const listing = listPages({
    idOf: (item: string) => item,
    name: 'things',
    pagesMax: 1_000,
    async fetchPage(after): Promise<FetchedPage<string>> {
      callCount++;
      if (callCount > CALLS_MAX) throw new Error('endless');
      const result = answer(after, callCount);
      if (result === null) throw new CursorRefused();
      return { ...result, scope };
    },
  });
  try {
    for await (const page of listing) for (const item of page.items) seen.add(item);
    return { seen, isComplete: true, callCount };
  } catch (error) {
    if (error instanceof UpstreamError || error instanceof CursorRefused) {
      return { seen, isComplete: false, callCount };
    }
    throw error;
  }
}

const change = fc.oneof(
  fc.record({ kind: fc.constant('add' as const) }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat(60) }),
  fc.record({ kind: fc.constant('none' as const) }),
);

describe('listPages', () => {
  it('ends for any responses, and requests no page twice on the way', async () => {
    const anyPage = fc.record({
      items: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 4 }),
      hasMore: fc.boolean(),
    });
    const script = fc.array(fc.option(anyPage, { nil: null }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(script, async (answers) => {
        const { callCount } = await run((_, call) => answers[(call - 1) % answers.length] ?? null);
        // Eight ids give at most eight pages per pass; three passes, each with a call that ends it.
        expect(callCount).toBeLessThanOrEqual(3 * 9);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has returned every row that existed all the time when it ends normally', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 10 }),
        fc.array(change, { maxLength: 30 }),
        fc.boolean(),
        async (count, limit, changes, isRejecting) => {
          let lastId = count;
          const rows = Array.from({ length: count }, (_, n) => n + 1);
          const always = new Set(rows);
          const { seen, isComplete } = await run((after, call) => {
            const found = after === null ? 0 : rows.findIndex((row) => row >= Number(after));
            const isThere = after === null || rows[found] === Number(after);
            if (!isThere && isRejecting) return null;
            // Without the row of its cursor, the lenient server continues from the cursor's former position.
            const start = found === -1 ? rows.length : found + (after !== null && isThere ? 1 : 0);
            const items = rows.slice(start, start + limit).map(String);
            const hasMore = rows.length > start + limit;
            const next = changes[call - 1];
            if (next?.kind === 'add') rows.push(++lastId);
            if (next?.kind === 'remove') {
              for (const removed of rows.splice(next.at, 1)) always.delete(removed);
            }
            return { items, hasMore };
          });
          if (isComplete) expect([...always].filter((row) => !seen.has(String(row)))).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('needs exactly one request per page for an unchanging listing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(100), fc.integer({ min: 1, max: 20 }), async (count, limit) => {
        const { seen, isComplete, callCount } = await run((after) => {
          const start = after === null ? 0 : Number(after) + 1;
          const items = Array.from({ length: Math.min(limit, count - start) }, (_, n) => String(start + n));
          return { items, hasMore: count > start + limit };
        });
        expect(isComplete).toBe(true);
        expect(seen.size).toBe(count);
        expect(callCount).toBe(Math.max(1, Math.ceil(count / limit)));
      }),
    );
  });
});
