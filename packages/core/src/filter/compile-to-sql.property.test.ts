import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyAttributes, anyFilter } from './arbitraries.ts';
import type { AttributeFilter, Attributes } from './attribute-filter.ts';
import { compileToSql } from './compile-to-sql.ts';
import { matchesFilter } from './matches-filter.ts';
import { FILTER_LIMITS } from './read-filter.ts';

const database = new DatabaseSync(':memory:');
database.exec('CREATE TABLE file (attributes TEXT NOT NULL)');

function isFoundBySql(attributes: Attributes, filter: AttributeFilter): boolean {
  const { text, params } = compileToSql(filter, 'file.attributes');
  database.prepare('DELETE FROM file').run();
  database.prepare('INSERT INTO file VALUES (?)').run(JSON.stringify(attributes));
  return database.prepare(`SELECT 1 AS found FROM file WHERE ${text}`).get(...params) !== undefined;
}

describe('compileToSql', () => {
  it('finds exactly what matchesFilter matches', () => {
    fc.assert(
      fc.property(anyAttributes, anyFilter, (attributes, filter) => {
        expect(isFoundBySql(attributes, filter)).toBe(matchesFilter(attributes, filter));
      }),
      { numRuns: 3000 },
    );
  });

  it('treats any text as a value and never as SQL', () => {
    const any = fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(any, any, any, (key, is, wanted) => {
        for (const type of ['eq', 'lt'] as const) {
          const filter: AttributeFilter = { type, key, value: wanted };
          const attributes: Attributes = JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(is)}}`);
          expect(isFoundBySql(attributes, filter)).toBe(matchesFilter(attributes, filter));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('compiles the largest accepted filter to SQL that SQLite accepts', () => {
    const leaf: AttributeFilter = { type: 'eq', key: 'a', value: 1 };
    const wide: AttributeFilter = { type: 'or', filters: Array.from({ length: FILTER_LIMITS.parts - 20 }, () => leaf) };
    let filter: AttributeFilter = wide;
    for (let depth = 2; depth < FILTER_LIMITS.depth; depth += 1) filter = { type: 'and', filters: [filter] };
    expect(isFoundBySql({ a: 1 }, filter)).toBe(true);
    expect(isFoundBySql({ a: 2 }, filter)).toBe(false);
  });
});
