import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdSet } from './id-set.ts';

// Ids as upstream makes them, short ones that collide, and any text: lone surrogates and the marker bytes too.
const id = fc.oneof(
  fc.stringMatching(/^file-[A-Za-z0-9]{22}$/),
  fc.string({ maxLength: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\u00ff', '\u00fe', '\ufffe', '\uffff', '\ud800', 'a\u00fe', 'a', 'ab', 'a\u0000', '\u0000'),
);

describe('createIdSet', () => {
  it('equals a Set, whatever is added in whatever order', () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 400 }), fc.array(id, { maxLength: 50 }), (added, asked) => {
        const ids = createIdSet();
        const oracle = new Set<string>();
        for (const one of added) {
          expect(ids.has(one)).toBe(oracle.has(one));
          expect(ids.add(one)).toBe(!oracle.has(one));
          oracle.add(one);
          expect(ids.size).toBe(oracle.size);
        }
        for (const one of [...asked, ...added]) expect(ids.has(one)).toBe(oracle.has(one));
      }),
    );
  });

  it('distinguishes two hundred thousand ids', () => {
    const ids = createIdSet();
    for (let n = 0; n < 200_000; n += 1) ids.add(`file-${n}`);
    expect(ids.size).toBe(200_000);
    for (let n = 0; n < 200_000; n += 1) if (!ids.has(`file-${n}`) || ids.has(`file-x${n}`)) expect.fail(`at ${n}`);
  });
});
