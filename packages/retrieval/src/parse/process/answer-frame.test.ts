import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParseResult } from '../port.ts';
import { type Answer, createAnswerReader, encodeAnswer } from './answer-frame.ts';

function readerOf(): { answers: Answer[]; push: (piece: Buffer) => void } {
  const answers: Answer[] = [];
  const reader = createAnswerReader((answer) => answers.push(answer));
  return { answers, push: reader.push };
}

const section = fc.record({
  text: fc.string({ unit: fc.constantFrom('a', 'é', 'ÿ', '世', '😀', '\n', '\ufeff'), maxLength: 20 }),
  page: fc.option(fc.integer({ min: 1, max: 99 })),
});
const document = fc.record({ mimeType: fc.constant('text/plain'), sections: fc.array(section, { maxLength: 5 }) });
const result: fc.Arbitrary<ParseResult> = fc.oneof(
  document.map((read) => ({ ok: true, document: read }) as const),
  fc
    .tuple(document, fc.string())
    .map(([read, gap]) => ({ ok: true, document: { ...read, gaps: [gap], picturePages: [1] } }) as const),
  fc.string().map((message) => ({ ok: false, failure: { code: 'invalid_file', message } }) as const),
);
const answer: fc.Arbitrary<Answer> = fc.record({
  outcome: fc.oneof(result, fc.constantFrom('memory', 'fault', null)),
  rssBytes: fc.integer({ min: 0, max: 2 ** 32 }),
});

describe('answers of a parser', () => {
  it('arrive as they were sent, in any chunks', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 4 }), fc.integer({ min: 1, max: 50 }), (sent, pieceBytes) => {
        const { answers, push } = readerOf();
        const bytes = Buffer.concat(sent.flatMap(encodeAnswer));
        for (let at = 0; at < bytes.length; at += pieceBytes) push(bytes.subarray(at, at + pieceBytes));
        expect(answers).toEqual(sent);
      }),
    );
  });

  it.each([
    ['a head', 'ffffff7f00000000'],
    ['a body', '02000000ffffff7f7b7d'],
  ])('are rejected as soon as they announce %s of two gigabytes', (_, bytes) => {
    expect(() => readerOf().push(Buffer.from(bytes, 'hex'))).toThrow('too long');
  });

  it('are rejected when they are malformed', () => {
    const head = Buffer.from('{"outcome":"document","sections":[[9,1]],"isLatin1":true}');
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32LE(head.length, 0);
    expect(() => readerOf().push(Buffer.concat([lengths, head]))).toThrow('add up');
    lengths.writeUInt32LE(3, 0);
    expect(() => readerOf().push(Buffer.concat([lengths, Buffer.from('{x}')]))).toThrow();
  });
});
