import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FileFolder, makeFileFolder } from '../testing/file-folder.ts';
import { makeDocx, makeEpub, makePdf, makePptx, makeXlsx, makeZip, paragraph } from '../testing/make-files.ts';
import { makeDoc, makeOle } from '../testing/make-ole.ts';
import { parseFile } from './parse-file.ts';
import type { ParseResult } from './port.ts';

let files: FileFolder;
beforeAll(async () => {
  files = await makeFileFolder();
});
afterAll(() => files.remove());

async function parse(filename: string, content: Uint8Array | string): Promise<ParseResult> {
  return parseFile(await files.put(filename, content));
}

async function textsOf(filename: string, content: Uint8Array | string): Promise<string[]> {
  const result = await parse(filename, content);
  return result.ok
    ? result.document.sections.map((section) => section.text)
    : [`${result.failure.code}: ${result.failure.message}`];
}

async function typeOf(filename: string, content: Uint8Array | string): Promise<string> {
  const result = await parse(filename, content);
  return result.ok ? result.document.mimeType : result.failure.code;
}

const refusal = (code: string, words: RegExp) => ({
  ok: false,
  failure: { code, message: expect.stringMatching(words) },
});

describe('a text file', () => {
  const text = 'Héllo, 世界 🌍\r\nsecond line\n';

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16BE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('is read as %s', async (_, bytes) => {
    expect(await textsOf('a.txt', bytes)).toEqual([text]);
  });

  it.each([
    ['a.c', 'text/x-c'],
    ['a.CPP', 'text/x-c++'],
    ['a.cs', 'text/x-csharp'],
    ['a.css', 'text/css'],
    ['a.csv', 'text/csv'],
    ['a.go', 'text/x-golang'],
    ['a.java', 'text/x-java'],
    ['a.js', 'text/javascript'],
    ['a.json', 'application/json'],
    ['a.md', 'text/markdown'],
    ['a.php', 'text/x-php'],
    ['a.py', 'text/x-python'],
    ['a.rb', 'text/x-ruby'],
    ['a.sh', 'application/x-sh'],
    ['a.tex', 'text/x-tex'],
    ['a.ts', 'application/typescript'],
    ['a.yaml', 'application/yaml'],
    ['a.log', 'text/plain'],
    ['README', 'text/plain'],
  ])('is read unchanged: %s as %s', async (name, mimeType) => {
    expect(await parse(name, 'a  b\n\tc')).toEqual({
      ok: true,
      document: { mimeType, sections: [{ text: 'a  b\n\tc', page: null }] },
    });
  });

  it('may have terminal colours in it', async () => {
    expect(await typeOf('build.log', '\x1b[31mfailed\x1b[0m\n'.repeat(20))).toBe('text/plain');
  });

  it.each([
    ['nothing', '', 'invalid_file', /empty/],
    ['white space', ' \n\t ', 'invalid_file', /no text/],
    ['bytes', Uint8Array.from({ length: 999 }, (_, at) => (at * 7919) % 256), 'unsupported_file', /neither text/],
    ['control characters', '\x01\x02\x03\x04 text', 'unsupported_file', /neither text/],
  ])('is rejected when it is %s', async (_, content, code, words) => {
    expect(await parse('a.txt', content)).toEqual(refusal(code, words));
  });

  it('is rejected after its beginning when it is too long', async () => {
    const parseLong = async (head: Uint8Array | string) =>
      parseFile({ ...(await files.put('a.txt', head)), sizeBytes: 65 * 2 ** 20 });
    expect(await parseLong('words '.repeat(2000))).toEqual(refusal('invalid_file', /more than 64 MB of text/));
    expect(await parseLong(new Uint8Array(9000))).toEqual(refusal('unsupported_file', /neither text/));
    expect(await parseLong(Buffer.from('ffd8ffe000104a46494600', 'hex'))).toEqual(
      refusal('unsupported_file', /image\/jpeg/),
    );
  });

  it('has no half characters and no NUL', async () => {
    expect(await textsOf('a.html', '<p>a&#0;b&#xD800;c</p>')).toEqual([expect.stringMatching(/^a\ufffd?b\ufffdc$/)]);
  });
});

describe('an HTML file', () => {
  it('is read as shown: no scripts, no styles, one line per block, tabs between cells', async () => {
    const page =
      '<!doctype html><html><head><title>Title</title><style>.x{}</style></head><body><h1>Head</h1>' +
      '<p>one <b>bold</b>er\n  word &amp; &lt;more&gt;</p><script>evil()</script><ul><li>first<li>second</ul>' +
      '<table><tr><td>a<td>b</tr><tr><td>c</td><td>d</td></tr></table><pre>x\n  y</pre></body></html>';
    const text = 'Title\nHead\none bolder word & <more>\n- first\n- second\na\tb\nc\td\nx\n  y';
    expect(await textsOf('a.html', page)).toEqual([text]);
    expect(await textsOf('a.txt', page)).toEqual([text]);
    expect(await textsOf('a.php', page)).toEqual([page]);
  });

  it('is read in the encoding that it declares', async () => {
    const page = Buffer.from('<html><meta charset="iso-8859-1"><p>caf\xe9</p></html>', 'latin1');
    expect(await textsOf('a.html', page)).toEqual(['café']);
    expect(await textsOf('a.html', Buffer.from('<html><p>caf\xe9 \x80</p></html>', 'latin1'))).toEqual(['café €']);
  });
});

describe('a PDF file', () => {
  it('has one section per page', async () => {
    const expected = {
      ok: true,
      document: {
        mimeType: 'application/pdf',
        sections: [
          { text: 'First page', page: 1 },
          { text: '', page: 2 },
          { text: 'Third page', page: 3 },
        ],
        gaps: ['Page 2 is without text: images or drawings, which need text recognition (OCR).'],
        picturePages: [2],
      },
    };
    const pdf = makePdf(['First page', '', 'Third page']);
    expect(await parse('a.pdf', pdf)).toEqual(expected);
    expect(await parse('wrong-name.txt', pdf)).toEqual(expected);
    expect(await parse('a.pdf', Buffer.concat([Buffer.from('junk before\n'), pdf]))).toEqual(expected);
  });

  it('is rejected with only images, with a password, or damaged', async () => {
    const { failure } = refusal('unsupported_file', /only images/);
    expect(await parse('a.pdf', makePdf(['', '']))).toEqual({
      ok: false,
      failure: { ...failure, picturePages: [1, 2] },
    });
    expect(await parse('a.pdf', makePdf(['x'], { isEncrypted: true }))).toEqual(
      refusal('unsupported_file', /password/),
    );
    expect(await parse('a.pdf', '%PDF-1.4\nnothing more')).toEqual(refusal('invalid_file', /damaged/));
  });
});

describe('Office files', () => {
  it('give for Word paragraphs, tables and notes; nothing deleted, nothing twice', async () => {
    const table = `<w:tbl><w:tr><w:tc>${paragraph('a')}</w:tc><w:tc>${paragraph('b')}</w:tc></w:tr></w:tbl>`;
    const drawn =
      '<w:p><w:r><mc:AlternateContent><mc:Choice><w:t>box</w:t></mc:Choice><mc:Fallback><w:t>box</w:t></mc:Fallback>' +
      '</mc:AlternateContent></w:r></w:p>';
    const changed =
      '<w:p><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:t>kept</w:t><w:br/><w:t>on</w:t></w:r></w:p>';
    const docx = makeDocx(`${paragraph('Hello &amp; welcome')}${table}${drawn}${changed}`, paragraph('A footnote'));
    expect(await textsOf('a.docx', docx)).toEqual(['Hello & welcome\na\tb\nbox\nkept\non', 'A footnote']);
    expect(await typeOf('wrong-name.pdf', docx)).toBe(
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    );
  });

  it('give for PowerPoint one section per slide in the order shown, with its notes', async () => {
    const pptx = makePptx([{ text: 'Opening', notes: 'Say hello' }, { text: 'Middle' }, { text: 'End' }]);
    expect(await parse('a.pptx', pptx)).toEqual({
      ok: true,
      document: {
        mimeType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
        sections: [
          { text: 'Opening\nSay hello', page: 1 },
          { text: 'Middle', page: 2 },
          { text: 'End', page: 3 },
        ],
      },
    });
  });

  it('give for Excel one line per row, dates as dates, numbers without floating-point noise', async () => {
    const rows =
      '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>inline</t></is></c></row>' +
      '<row><c r="A2" s="1"><v>45292</v></c><c r="B2" s="2"><v>45292.5</v></c><c r="C2"><v>0.30000000000000004</v></c></row>' +
      '<row/><row><c t="b"><v>1</v></c><c t="str"><f>A1</f><v>text</v></c></row>';
    expect(await textsOf('a.xlsx', makeXlsx(rows, ['Shared &lt;text&gt;']))).toEqual([
      'Sales\nShared <text>\t\tinline\n2024-01-01\t2024-01-01 12:00:00\t0.3\nTRUE\ttext',
    ]);
  });

  it('are rejected when cut short, or a package of something else', async () => {
    const docx = makeDocx(paragraph('hello '.repeat(200)));
    expect(await parse('a.docx', docx.subarray(0, docx.length / 2))).toEqual(refusal('invalid_file', /damaged/));
    expect(await parse('a.docx', makeZip({ 'notes.txt': 'x' }))).toEqual(refusal('unsupported_file', /ZIP archive/));
    expect(await parse('a.odt', makeZip({ 'content.xml': '<x/>' }))).toEqual(
      refusal('unsupported_file', /OpenDocument/),
    );
    expect(await parse('a.docx', makeDocx(''))).toEqual(refusal('invalid_file', /no text/));
  });

  it('are rejected when their compression ratio is too high', async () => {
    const bomb = makeDocx(paragraph(' '.repeat(16 * 2 ** 20)));
    expect(bomb.length).toBeLessThan(2 ** 16);
    expect(await parse('a.docx', bomb)).toEqual(refusal('invalid_file', /compression ratio/));
  });

  it('are rejected when a part is longer than declared', async () => {
    const docx = Buffer.from(makeDocx(paragraph('hello '.repeat(2000))));
    const name = docx.lastIndexOf('word/document.xml');
    // In the directory of a ZIP the unpacked size is 22 bytes before the name.
    docx.writeUInt32LE(10, name - 22);
    expect(await parse('a.docx', docx)).toEqual(refusal('invalid_file', /damaged/));
  });
});

describe('files of an older Office', () => {
  const nothing = new Uint8Array();

  it('are read when they are of Word', async () => {
    expect(await parse('a.doc', makeDoc('Old words, naïve and 世界\rSecond line\r'))).toEqual({
      ok: true,
      document: {
        mimeType: 'application/msword',
        sections: [{ text: 'Old words, naïve and 世界\nSecond line', page: null }],
      },
    });
  });

  it('are rejected when they have a password, new ones too', async () => {
    expect(await parse('a.doc', makeDoc('x', { isEncrypted: true }))).toEqual(refusal('unsupported_file', /password/));
    const encrypted = makeOle({ EncryptionInfo: nothing, EncryptedPackage: nothing });
    expect(await parse('a.docx', encrypted)).toEqual(refusal('unsupported_file', /password/));
  });

  it('are rejected when damaged, or of an unsupported format', async () => {
    const doc = makeDoc('text');
    expect(await parse('a.doc', doc.subarray(0, 1600))).toEqual(refusal('invalid_file', /damaged/));
    expect(await parse('a.doc', doc.subarray(0, 20))).toEqual(refusal('unsupported_file', /old Office/));
    expect(await parse('a.xls', makeOle({ Workbook: nothing }))).toEqual(refusal('unsupported_file', /xlsx/));
    expect(await parse('a.ppt', makeOle({ 'PowerPoint Document': nothing }))).toEqual(
      refusal('unsupported_file', /pptx/),
    );
    expect(await parse('a.msg', makeOle({ Other: nothing }))).toEqual(refusal('unsupported_file', /old Office/));
  });
});

describe('books', () => {
  it('have one section per chapter', async () => {
    const epub = makeEpub(['<html><h1>One</h1><p>Begin</p></html>', '<html><p>Finish</p></html>']);
    expect(await textsOf('a.epub', epub)).toEqual(['One\nBegin', 'Finish']);
    expect(await typeOf('a.epub', epub)).toBe('application/epub+zip');
  });

  it('are rejected when protected, but not because of their fonts', async () => {
    const encryption = (algorithm: string) => ({
      'META-INF/encryption.xml': `<encryption><EncryptedData><EncryptionMethod Algorithm="${algorithm}"/></EncryptedData></encryption>`,
    });
    const chapters = ['<p>text</p>'];
    const aes = makeEpub(chapters, encryption('http://www.w3.org/2001/04/xmlenc#aes256-cbc'));
    expect(await parse('a.epub', aes)).toEqual(refusal('unsupported_file', /DRM/));
    expect(await textsOf('a.epub', makeEpub(chapters, encryption('http://www.idpf.org/2008/embedding')))).toEqual([
      'text',
    ]);
  });
});

describe('a file that is not text', () => {
  it('is rejected with its real type, whatever its name says', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    expect(await parse('notes.txt', png)).toEqual(
      refusal('unsupported_file', /image\/png, although its name ends in \.txt/),
    );
    expect(await parse('a.png', png)).toEqual(refusal('unsupported_file', /is image\/png\. /));
    expect(await parse('a.rtf', '{\\rtf1 hello}')).toEqual(refusal('unsupported_file', /Rich Text/));
  });
});
