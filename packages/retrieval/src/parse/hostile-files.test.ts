import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FileFolder, makeFileFolder } from '../testing/file-folder.ts';
import { makeDocx, makeEpub, makePptx, makeXlsx, paragraph } from '../testing/make-files.ts';
import { makeDoc } from '../testing/make-ole.ts';
import { parseFile } from './parse-file.ts';
import type { ParseResult } from './port.ts';
import { textOfHtml } from './text/html-text.ts';

/*
 * Small files that cause disproportionate work. A naive parser takes minutes, or all memory; here each is read or
 * rejected in one pass.
 */

let files: FileFolder;
beforeAll(async () => {
  files = await makeFileFolder();
});
afterAll(() => files.remove());

async function parse(filename: string, content: Uint8Array | string): Promise<ParseResult> {
  return parseFile(await files.put(filename, content));
}

const refusal = (words: RegExp) => ({
  ok: false,
  failure: { code: 'invalid_file', message: expect.stringMatching(words) },
});

describe('endlessly nested elements', () => {
  const open = (name: string) => `<${name}>`.repeat(300_000);

  it.each([
    ['docx', makeDocx(open('w:x'))],
    ['pptx', makePptx([{ text: open('a:x') }])],
    ['xlsx', makeXlsx(open('x'))],
  ])('are rejected in a %s', async (extension, file) => {
    expect(file.length).toBeLessThan(10_000);
    expect(await parse(`a.${extension}`, file)).toEqual(refusal(/nested more than 512 deep/));
  });

  it.each(['div', 'b', 'p><b', 'font', 'li', 'td'])('are skipped in a page: <%s>', async (name) => {
    const page = `<html>${`<${name}>`.repeat(300_000)}<script>if (1) { "<p>no" }</script><p>The end`;
    expect(textOfHtml(page).split('\n').at(-1)).toBe('The end');
  });

  it('are skipped in a book', async () => {
    expect(await parse('a.epub', makeEpub([`${open('div')}The end`]))).toMatchObject({
      document: { sections: [{ text: 'The end' }] },
    });
  });
});

describe('one endless line', () => {
  const run = 300_000;

  it('is read when it consists of spaces in a docx', async () => {
    const file = makeDocx(paragraph(`a${' '.repeat(run)}`) + paragraph('b'));
    expect(await parse('a.docx', file)).toMatchObject({ document: { sections: [{ text: 'a\nb' }] } });
  });

  it.each([
    ['words in separate tags', '<b>a</b> '.repeat(run), 'a '.repeat(run).trimEnd()],
    ['entities', '&amp;'.repeat(run), '&'.repeat(run)],
    ['cells', `<tr>${'<td>a</td>'.repeat(run)}`, 'a\t'.repeat(run).trimEnd()],
    ['empty cells', `<tr><td>a</td>${'<td> </td>'.repeat(run)}`, 'a'],
    ['closing tags without opening ones', `a${'</x>'.repeat(run)}b`, 'ab'],
  ])('is read when it consists of %s in a page', (_, page, text) => {
    expect(textOfHtml(page) === text).toBe(true);
  });

  it('is read when it consists of brackets in the number format of a workbook', async () => {
    const file = makeXlsx('<row><c s="1"><v>1</v></c></row>', [], '['.repeat(run));
    expect(await parse('a.xlsx', file)).toMatchObject({ ok: true });
  });
});

describe('a text that is stored once and shown again and again', () => {
  it('is rejected in a workbook before it is written out', async () => {
    const cells = '<c t="s"><v>0</v></c>'.repeat(100_000);
    const file = makeXlsx(`<row>${cells}</row>`, ['x'.repeat(1_000_000)]);
    expect(file.length).toBeLessThan(20_000);
    expect(await parse('a.xlsx', file)).toEqual(refusal(/more than 64 MB of text/));
  });

  it('is rejected in a presentation whose slides are one slide', async () => {
    const file = makePptx([{ text: 'x'.repeat(100_000) }], { timesShown: 100_000 });
    expect(file.length).toBeLessThan(20_000);
    expect(await parse('a.pptx', file)).toEqual(refusal(/more than 64 MB of text/));
  });
});

describe('an old Word document', () => {
  const SECTOR = 512;
  const word = (edit: (bytes: Buffer) => void): Uint8Array => {
    const bytes = Buffer.from(makeDoc('Old words'));
    edit(bytes);
    return bytes;
  };
  /** The table of sectors is the first one after the header, the directory the second. */
  const tableAt = (sector: number) => SECTOR + sector * 4;
  const entryAt = (entry: number) => 2 * SECTOR + entry * 128;

  it.each([
    ['a chain of sectors that returns to its start', (b) => b.writeInt32LE(2, tableAt(9))],
    ['a chain of two sectors in a circle', (b) => b.writeInt32LE(2, tableAt(3))],
    ['a directory chain in a circle', (b) => b.writeInt32LE(1, tableAt(1))],
    ['an entry beside itself', (b) => b.writeInt32LE(1, entryAt(1) + 72)],
    ['an entry that is reached twice', (b) => b.writeInt32LE(2, entryAt(1) + 68)],
    ['a storage within itself', (b) => [b.writeInt8(1, entryAt(1) + 66), b.writeInt32LE(0, entryAt(1) + 76)]],
    ['a table that is larger than the file', (b) => b.writeInt32LE(2 ** 30, 44)],
    ['a sector beyond the file', (b) => b.writeInt32LE(2 ** 30, 48)],
    ['sectors of two gigabytes', (b) => b.writeInt16LE(31, 30)],
  ] satisfies [string, (bytes: Buffer) => unknown][])('is rejected when it has %s', async (_, edit) => {
    expect(await parse('a.doc', word(edit))).toEqual(refusal(/damaged/));
  });
});
