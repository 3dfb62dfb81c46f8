import fc from 'fast-check';
import type { AttributeFilter, Attributes, AttributeValue, ComparisonFilter } from './attribute-filter.ts';

/** Few keys and values, so that filters match, including those that break quoting and comparing. */
const key = fc.constantFrom('a', 'b', 'größe', 'a.b', '$', '"', "it's", 'x[0]', '__proto__', 'toString', '🦆', 'null');
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.constantFrom(
    '',
    '1',
    'true',
    'a',
    'A',
    'é',
    'e\u0301',
    '"',
    "'; --",
    '\\',
    '\n',
    '🦆',
    '\uffee',
    '\u0000x',
    '%',
    'null',
  ),
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    1.5,
    0.1,
    1e21,
    1e-7,
    2 ** 53,
    2 ** 53 + 2,
    2 ** 60,
    -(2 ** 63),
    5e-324,
    Number.MAX_VALUE,
  ),
  fc.boolean(),
);
const text = fc.string({ unit: 'grapheme', maxLength: 4 });
const anyValue = fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: text }, fc.integer());

export const anyAttributes: fc.Arbitrary<Attributes> = fc
  .uniqueArray(fc.tuple(key, anyValue), { selector: ([name]) => name, maxLength: 5 })
  // Through JSON, as they are stored: it makes an own property of `__proto__`, and of -0 a 0.
  .map((pairs) => JSON.parse(`{${pairs.map(([name, is]) => `${JSON.stringify(name)}:${JSON.stringify(is)}`).join()}}`));

const comparison: fc.Arbitrary<ComparisonFilter> = fc.oneof(
  fc.record({ type: fc.constantFrom('eq' as const, 'ne' as const), key, value: anyValue }),
  fc.record({
    type: fc.constantFrom('gt' as const, 'gte' as const, 'lt' as const, 'lte' as const),
    key,
    value: anyValue,
  }),
  fc.record({
    type: fc.constantFrom('in' as const, 'nin' as const),
    key,
    value: fc.oneof(fc.array(anyValue, { maxLength: 4 }), anyValue),
  }),
);

/** Every filter of the grammar, of small depth. */
export const anyFilter: fc.Arbitrary<AttributeFilter> = fc.letrec<{ tree: AttributeFilter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    { weight: 3, arbitrary: comparison },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constantFrom('and' as const, 'or' as const),
        filters: fc.array(tie('tree'), { maxLength: 3 }),
      }),
    },
  ),
})).tree;
