import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileId, openAiId, prefixedId, vectorStoreId } from './ids.ts';

const hexOf = (digit: string) => (length: number) => digit.repeat(length);

describe('ids', () => {
  it('consist for a vector store of vs_ and 32 hex characters, the first 8 its second of creation', () => {
    expect(vectorStoreId(0x68cb1f58, hexOf('a'))).toBe(`vs_68cb1f58${'a'.repeat(24)}`);
    expect(vectorStoreId(1, hexOf('0'))).toBe(`vs_00000001${'0'.repeat(24)}`);
  });

  it('consist for a run and a connection of a prefix, the second of creation and 16 random hex characters', () => {
    expect(prefixedId('run', 0x68cb1f58 * 1000 + 999, hexOf('b'))).toBe(`run_68cb1f58${'b'.repeat(16)}`);
    expect(prefixedId('conn', 0, hexOf('c'))).toBe(`conn_00000000${'c'.repeat(16)}`);
  });

  it('consist for a file of file- and 22 letters and digits that differ when the randomness does', () => {
    expect(fileId(hexOf('0'))).toBe(`file-${'0'.repeat(22)}`);
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 34, maxLength: 34 });
    fc.assert(fc.property(hex, (random) => /^file-[0-9A-Za-z]{22}$/.test(fileId(() => random))));
    expect(fileId(hexOf('a'))).not.toBe(fileId(hexOf('b')));
  });

  it('consist for a batch, an upload and a part of a prefix, the second of creation and 24 random hex characters', () => {
    expect(openAiId('vsfb', 0x68cb1f58, hexOf('a'))).toBe(`vsfb_68cb1f58${'a'.repeat(24)}`);
    expect(openAiId('part', 1, hexOf('b'))).toBe(`part_00000001${'b'.repeat(24)}`);
  });

  it('sort by the time they were made', () => {
    const instantMs = fc.integer({ min: 0, max: 0xffff_ffff * 1000 });
    fc.assert(
      fc.property(instantMs, instantMs, (a, b) => {
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        const isSameSecond = Math.floor(first / 1000) === Math.floor(second / 1000);
        expect(prefixedId('run', first, hexOf('f')) < prefixedId('run', second, hexOf('0'))).toBe(!isSameSecond);
      }),
    );
  });

  it('use exactly the randomness they need', () => {
    const asked: number[] = [];
    const randomHex = (length: number) => {
      asked.push(length);
      return 'd'.repeat(length);
    };
    vectorStoreId(1, randomHex);
    prefixedId('run', 1, randomHex);
    expect(asked).toEqual([24, 16]);
  });
});
