import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Descriptor, decodeMessage, encodeMessage } from './protobuf.ts';

const Inner: Descriptor = { text: { number: 1, type: 'string' } };
const Outer: Descriptor = {
  text: { number: 1, type: 'string' },
  bytes: { number: 2, type: 'bytes' },
  flag: { number: 3, type: 'bool' },
  number: { number: 4, type: 'int64' },
  inner: { number: 5, type: () => Inner },
  many: { number: 6, type: () => Inner, label: 'repeated' },
  map: { number: 7, type: () => Inner, label: 'map' },
  far: { number: 200, type: 'string' },
};

describe('messages of the plugin protocol', () => {
  it('are decoded as they were encoded, with any content', () => {
    const inner = fc.record({ text: fc.string({ unit: 'grapheme' }) });
    const outer = fc.record({
      text: fc.string({ unit: 'grapheme' }),
      bytes: fc.uint8Array({ maxLength: 300 }),
      flag: fc.boolean(),
      number: fc.maxSafeInteger(),
      inner,
      many: fc.array(inner),
      map: fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        inner,
      ),
      far: fc.string(),
    });
    fc.assert(
      fc.property(outer, (message) => {
        const back = decodeMessage(Outer, encodeMessage(Outer, message));
        expect({ ...back, bytes: [...back.bytes] }).toEqual({
          ...message,
          bytes: [...message.bytes],
          map: { ...message.map },
        });
      }),
    );
  });
  it('are encoded to the bytes that the format prescribes', () => {
    expect(encodeMessage(Outer, { text: 'hé', number: 300, flag: true }).toString('hex')).toBe('0a0368c3a9180120ac02');
    expect(encodeMessage(Outer, { number: -1 }).toString('hex')).toBe('20ffffffffffffffffff01');
  });
  it('skip fields of later versions', () => {
    const later: Descriptor = { ...Outer, new1: { number: 9, type: 'string' }, new2: { number: 10, type: 'bool' } };
    const bytes = encodeMessage(later, { text: 'a', new1: 'b', new2: true, far: 'c' });
    expect(decodeMessage(Outer, bytes)).toMatchObject({ text: 'a', far: 'c' });
  });
  it('have the zero value where a field is absent', () => {
    expect(decodeMessage(Outer, new Uint8Array())).toEqual({
      text: '',
      bytes: new Uint8Array(),
      flag: false,
      number: 0,
      many: [],
      map: {},
      far: '',
    });
  });
  it('are rejected when they are truncated', () => {
    const bytes = encodeMessage(Outer, { text: 'a long text' });
    expect(() => decodeMessage(Outer, bytes.subarray(0, 5))).toThrow('cut off');
  });
});
