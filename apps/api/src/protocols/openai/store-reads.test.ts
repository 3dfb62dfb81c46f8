import Sqlite from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { createApiHarness } from '../../testing/whole-api-harness.ts';

const START_MS = Date.UTC(2026, 0, 15, 9);
const READS = ['all', 'get'] as const;
const STATEMENT = Object.getPrototypeOf(new Sqlite(':memory:').prepare('select 1')) as Sqlite.Statement;
const originals = READS.map((method) => STATEMENT[method]);
const isRowRead = (source: string) =>
  /^\s*select\b/i.test(source) &&
  /\bfrom "?vector_store"?(\s|$)/i.test(source) &&
  // One column, selected when the index is opened.
  !/^\s*select embedding_fingerprint from/i.test(source);

afterEach(() => {
  for (const [at, method] of READS.entries()) STATEMENT[method] = originals[at] as never;
});

/** Records the statements that read rows of stores from now on. */
function watchRowReads(): string[] {
  const sources: string[] = [];
  for (const [at, method] of READS.entries()) {
    const original = originals[at] as (...values: unknown[]) => unknown;
    STATEMENT[method] = function watched(this: Sqlite.Statement, ...values: unknown[]) {
      if (isRowRead(this.source)) sources.push(this.source);
      return original.apply(this, values);
    } as never;
  }
  return sources;
}

async function openWithStore() {
  const h = await createApiHarness(START_MS);
  const { id } = await h.call('createVectorStore', { body: { name: 'One' } });
  async function countReads(path: string, payload?: object): Promise<number> {
    // Another second, so that the use has something to write.
    h.clock.advance(2_000);
    const sources = watchRowReads();
    const answer = await h.send({
      method: payload === undefined ? 'GET' : 'POST',
      url: `/v1/vector_stores/${id}${path}`,
      ...(payload !== undefined && { payload }),
    });
    expect(answer.statusCode, answer.body).toBe(200);
    return sources.length;
  }
  return countReads;
}

it('a GET of a store reads its row once', async () => {
  const countReads = await openWithStore();
  expect(await countReads('')).toBe(1);
});

it.each([
  { name: 'Two' },
  { metadata: { team: 'a' } },
  { expires_after: { anchor: 'last_active_at', days: 3 } },
  { name: 'Two', expires_after: { anchor: 'last_active_at', days: 3 } },
])('the edit %j reads the row of a store at most twice', async (edit) => {
  const countReads = await openWithStore();
  expect(await countReads('', edit)).toBeLessThanOrEqual(2);
});

it('a search, which records a use, reads the row of a store at most twice', async () => {
  const countReads = await openWithStore();
  expect(await countReads('/search', { query: 'whale' })).toBeLessThanOrEqual(2);
});
