import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttributeRow, attributeRowsOf, toAttributes } from './attribute-draft.ts';

const row = (fields: Partial<AttributeRow>): AttributeRow => ({
  rowId: 0,
  key: 'k',
  type: 'text',
  value: 'v',
  ...fields,
});

describe('the attribute form', () => {
  it('turns unedited rows back into the same attributes', () => {
    const value = fc.oneof(fc.string(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    const key = fc.string({ minLength: 1 }).filter((text) => text.trim() === text);
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 16 }), (attributes) => {
        const draft = toAttributes(attributeRowsOf(attributes));
        // -0 is written as 0, which is equal.
        expect(draft).toEqual({ ok: true, attributes: JSON.parse(JSON.stringify(attributes)) });
      }),
    );
  });

  it('rejects invalid rows with the reason', () => {
    expect(toAttributes([row({ type: 'number', value: 'ten' })])).toEqual({
      ok: false,
      reason: "'ten' is not a number.",
    });
    expect(toAttributes([row({ type: 'number', value: ' ' })]).ok).toBe(false);
    expect(toAttributes([row({ type: 'boolean', value: 'yes' })]).ok).toBe(false);
    expect(toAttributes([row({ key: ' ' })])).toEqual({ ok: false, reason: "The value 'v' has no key." });
    expect(toAttributes([row({}), row({ key: ' k ' })])).toEqual({ ok: false, reason: "The key 'k' is used twice." });
    const many = Array.from({ length: 17 }, (_, index) => row({ key: `k${index}` }));
    expect(toAttributes(many).ok).toBe(false);
  });

  it('drops rows with neither key nor value', () => {
    expect(toAttributes([row({ key: '', value: '' })])).toEqual({ ok: true, attributes: {} });
  });
});
