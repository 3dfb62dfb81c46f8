import { decode, ExtData, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from './codec.ts';
import { fromRawState } from './raw-state.ts';
import { type CtyType, Dynamic, dynamicOf, isEqual, UNKNOWN, type Value } from './types.ts';

const roundTrip = (type: CtyType, value: Value) => decodeValue(type, encodeValue(type, value));

describe('the codec of Terraform values', () => {
  it('decodes what it encoded', () => {
    const type: CtyType = [
      'object',
      {
        name: 'string',
        count: 'number',
        flag: 'bool',
        tags: ['set', 'string'],
        map: ['map', 'number'],
        pair: ['tuple', ['string', 'bool']],
        any: 'dynamic',
      },
    ];
    const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
    const key = fc.string().filter((text) => text !== '__proto__');
    const value = fc.record({
      name: nullable(fc.string({ unit: 'grapheme' })),
      count: nullable(fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))),
      flag: nullable(fc.boolean()),
      tags: nullable(fc.uniqueArray(fc.string())),
      map: nullable(fc.dictionary(key, fc.integer())),
      pair: nullable(fc.tuple(fc.string(), fc.boolean())),
      any: nullable(
        fc.dictionary(key, fc.oneof(fc.string(), fc.boolean(), fc.integer())).map((map) => dynamicOf(map as Value)),
      ),
    });
    fc.assert(
      fc.property(value, (sent) => {
        expect(isEqual(type, sent as Value, roundTrip(type, sent as Value))).toBe(true);
      }),
    );
  });
  it('reads an unknown value, refined or not, as unknown and writes it without refinements', () => {
    const refined = encode({ a: new ExtData(12, encode(new Map([[2, 'vs_']]))), b: new ExtData(0, Uint8Array.of(0)) });
    const type: CtyType = ['object', { a: 'string', b: 'string' }];
    expect(decodeValue(type, refined)).toEqual({ a: UNKNOWN, b: UNKNOWN });
    expect(Buffer.from(encodeValue('string', UNKNOWN)).toString('hex')).toBe('d40000');
  });
  it('writes a fraction as decimal text, because binary 0.1 is another number to Terraform', () => {
    expect(decode(encodeValue('number', 0.1))).toBe('0.1');
    expect(decode(encodeValue('number', 0.5))).toBe('0.5');
    expect(decode(encodeValue('number', 7))).toBe(7);
    expect(decode(encodeValue('number', 1_732_000_000_000))).toBe(1_732_000_000_000);
  });
  it('keeps every digit of a number that JavaScript cannot hold', () => {
    expect(decodeValue('number', encode('12345678901234567890123'))).toBe('12345678901234567890123');
    expect(decodeValue('number', encode(2n ** 62n, { useBigInt64: true }))).toBe('4611686018427387904');
    expect(decodeValue('number', encode('0.1'))).toBe(0.1);
    expect(decode(encodeValue('number', '12345678901234567890123'))).toBe('12345678901234567890123');
  });
  it('writes every attribute of an object and rejects one that is not in its type', () => {
    const type: CtyType = ['object', { a: 'string', b: ['object', { c: 'bool' }] }];
    expect(decode(encodeValue(type, { b: {} }))).toEqual({ a: null, b: { c: null } });
    expect(() => encodeValue(type, { z: 1 })).toThrow("'z'");
  });
  it('rejects a value of another type without showing it', () => {
    expect(() => encodeValue(['object', { a: 'string' }], { a: 17 })).toThrow("'a' is number, not text.");
  });
  it('keeps the type of a dynamic value', () => {
    const map = new Dynamic(['map', 'string'], { a: 'x' });
    expect(roundTrip('dynamic', map)).toEqual(map);
    expect(isEqual('dynamic', map, dynamicOf({ a: 'x' }))).toBe(false);
  });
  it('compares sets in any order, counting duplicates', () => {
    expect(isEqual(['set', 'string'], ['a', 'b'], ['b', 'a'])).toBe(true);
    expect(isEqual(['set', 'string'], ['a', 'a'], ['a', 'b'])).toBe(false);
    expect(isEqual(['list', 'string'], ['a', 'b'], ['b', 'a'])).toBe(false);
  });
});

describe('stored Terraform state', () => {
  const type: CtyType = ['object', { id: 'string', days: 'number', tags: ['map', 'string'], any: 'dynamic' }];

  it('reads missing attributes as null and drops unknown ones', () => {
    expect(fromRawState(type, { id: 'vs_1', gone: true })).toEqual({ id: 'vs_1', days: null, tags: null, any: null });
  });
  it('reads a value of another type as null', () => {
    expect(fromRawState(type, { id: ['x'], days: '7', tags: 'x' })).toEqual({
      id: null,
      days: 7,
      tags: null,
      any: null,
    });
  });
  it('reads a dynamic value with its type', () => {
    const raw = { any: { value: { a: 'x', n: 1 }, type: ['object', { a: 'string', n: 'number' }] } };
    expect(fromRawState(type, raw)).toMatchObject({ any: dynamicOf({ a: 'x', n: 1 }) });
  });
});
