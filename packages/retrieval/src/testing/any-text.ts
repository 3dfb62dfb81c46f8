import fc from 'fast-check';

/** Text of any code points, assigned or not. */
export function anyText(lengthMax: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 0, max: 0x10ffff - 0x800 }), { maxLength: lengthMax })
    .map((numbers) => String.fromCodePoint(...numbers.map((number) => (number < 0xd800 ? number : number + 0x800))));
}
