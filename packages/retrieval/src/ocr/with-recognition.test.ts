import { describe, expect, it } from 'vitest';
import { pictureGap } from '../parse/gaps.ts';
import type { FileToParse, ParsedSection, ParseResult, Parser } from '../parse/port.ts';
import { withRecognition } from './with-recognition.ts';

const FILE: FileToParse = { path: '/a', filename: 'a.pdf', sizeBytes: 1 };
const always = (result: ParseResult, asked: FileToParse[] = []): Parser => ({
  parse: (file) => {
    asked.push(file);
    return Promise.resolve(result);
  },
  close: () => Promise.resolve(),
});
const document = (sections: ParsedSection[], fields: object = {}): ParseResult => ({
  ok: true,
  document: { mimeType: 'application/pdf', sections, ...fields },
});
const ONLY_PICTURES: ParseResult = {
  ok: false,
  failure: { code: 'unsupported_file', message: 'Only images.', picturePages: [1, 2] },
};

describe('withRecognition', () => {
  it('requests nothing when every page has text', async () => {
    const asked: FileToParse[] = [];
    const whole = document([{ text: 'a', page: 1 }]);
    expect(await withRecognition(always(whole), always(ONLY_PICTURES, asked)).parse(FILE)).toEqual(whole);
    expect(asked).toEqual([]);
  });

  it('replaces pages without text by the recognised text, and reports the rest as a gap', async () => {
    const asked: FileToParse[] = [];
    const pages = [
      { text: 'typed', page: 1 },
      { text: '', page: 2 },
      { text: '', page: 3 },
    ];
    const parsed = document(pages, { picturePages: [2, 3], gaps: ['Other.', pictureGap([2, 3])] });
    const recognized = document([
      { text: 'seen', page: 2 },
      { text: '', page: 3 },
    ]);
    expect(await withRecognition(always(parsed), always(recognized, asked)).parse(FILE)).toEqual(
      document([pages[0], { text: 'seen', page: 2 }, pages[2]] as ParsedSection[], {
        gaps: ['Other.', 'Page 2 is read by text recognition (OCR), which makes mistakes.', pictureGap([3])],
      }),
    );
    expect(asked).toEqual([{ ...FILE, pages: [2, 3] }]);
  });

  it('reads a file that failed because it has only pictures', async () => {
    const recognized = document([
      { text: '', page: 1 },
      { text: 'seen', page: 2 },
    ]);
    expect(await withRecognition(always(ONLY_PICTURES), always(recognized)).parse(FILE)).toEqual(
      document(
        [
          { text: '', page: 1 },
          { text: 'seen', page: 2 },
        ],
        { gaps: ['Page 2 is read by text recognition (OCR), which makes mistakes.', pictureGap([1])] },
      ),
    );
  });

  it('keeps the result when recognition fails or finds nothing', async () => {
    const nothing = document([{ text: '', page: 1 }]);
    const failed: ParseResult = { ok: false, failure: { code: 'invalid_file', message: 'Too big.' } };
    for (const recognized of [nothing, failed]) {
      expect(await withRecognition(always(ONLY_PICTURES), always(recognized)).parse(FILE)).toEqual(ONLY_PICTURES);
    }
    const parsed = document([{ text: 'typed', page: 1 }], { picturePages: [2], gaps: [pictureGap([2])] });
    expect(await withRecognition(always(parsed), always(failed)).parse(FILE)).toEqual(
      document([{ text: 'typed', page: 1 }], {
        picturePages: [2],
        gaps: [pictureGap([2]), 'Text recognition (OCR) failed: Too big.'],
      }),
    );
  });
});
