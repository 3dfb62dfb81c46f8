import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FileFolder, makeFileFolder } from '../testing/file-folder.ts';
import { makeDocx, makeEpub, makeXlsx, makeZip, paragraph } from '../testing/make-files.ts';
import { makeRawPdf } from '../testing/make-raw-pdf.ts';
import { parseFile } from './parse-file.ts';

let files: FileFolder;
beforeAll(async () => {
  files = await makeFileFolder();
});
afterAll(() => files.remove());

async function read(filename: string, content: Uint8Array | string) {
  const result = await parseFile(await files.put(filename, content));
  if (!result.ok) return { text: `${result.failure.code}: ${result.failure.message}`, gaps: [] };
  return { text: result.document.sections.map((section) => section.text).join('\n'), gaps: result.document.gaps ?? [] };
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const rels = (...rows: readonly [id: string, type: string, target: string][]) =>
  `<Relationships>${rows.map(([id, type, target]) => `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`).join('')}</Relationships>`;
const document = (body: string) => `<w:document xmlns:w="w" xmlns:r="r"><w:body>${body}</w:body></w:document>`;
const docx = (body: string, documentRels: string, parts: Record<string, string>) =>
  makeZip({
    '_rels/.rels': rels(['m', 'officeDocument', 'word/document.xml']),
    'word/document.xml': document(body),
    'word/_rels/document.xml.rels': documentRels,
    ...parts,
  });

describe('the encoding of a text', () => {
  it.each([
    [
      'XML that declares ISO-8859-2',
      'a.xml',
      latin1('<?xml version="1.0" encoding="ISO-8859-2"?><a>\xb3\xf3dka</a>'),
      'łódka',
    ],
    ['a page that declares windows-1251', 'a.html', latin1('<meta charset=windows-1251><p>\xe4\xee\xec</p>'), 'дом'],
    [
      'a page in an HTTP-EQUIV form',
      'a.html',
      latin1('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>\xc4\xcf\xcd</p>'),
      'дом',
    ],
    ['a page that declares nothing', 'a.htm', latin1('<p>caf\xe9 \x96 5 \x80</p>'), 'café – 5 €'],
    ['UTF-16 without a mark', 'a.txt', Buffer.from('plain words', 'utf16le'), 'plain words'],
    [
      'a source that declares its coding',
      'a.py',
      latin1('# -*- coding: iso-8859-15 -*-\nprice = "\xa4 5"\n'),
      'price = "€ 5"',
    ],
    ['a page in UTF-8 that declares another', 'a.html', '<meta charset="iso-8859-1"><p>größer</p>', 'größer'],
  ])('is read correctly without a gap: %s', async (_, name, content, text) => {
    const found = await read(name, content);
    expect(found.text).toContain(text);
    expect(found.gaps).toEqual([]);
  });

  it('is detected when nothing declares it, and reported as uncertain', async () => {
    const russian = 'Договор хранится в архиве на третьем этаже, спросите секретаря приёмной. ';
    const bytes = Buffer.from([...russian.repeat(3)].map((sign) => cp1251(sign)));
    const found = await read('a.txt', bytes);
    expect(found.text).toBe(russian.repeat(3));
    expect(found.gaps).toEqual(['The file does not declare its encoding, and was read as windows-1251.']);
  });

  it('is UTF-8 for a log with one damaged byte, which is counted', async () => {
    const found = await read('a.log', Buffer.concat([Buffer.from('résumé\n'.repeat(50)), Buffer.from([0xff, 0x0a])]));
    expect(found.text).toContain('résumé');
    expect(found.gaps).toEqual(['1 byte is not UTF-8, unlike the rest, and is shown as \ufffd.']);
  });
});

describe('an XHTML page', () => {
  const page = (head: string, body: string) =>
    `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head>${head}</head><body>${body}</body></html>`;

  it.each([
    'script src="x.js"',
    'title',
    'style',
    'iframe',
    'textarea',
    'video src="x"',
    'canvas',
    'object',
    'noscript',
  ])('keeps the text after a self-closed element: <%s/>', async (element) => {
    expect((await read('a.xhtml', page('', `<p>before</p><${element}/><p>after</p>`))).text).toBe('before\nafter');
    expect((await read('a.epub', makeEpub([page('', `<p>before</p><${element}/><p>after</p>`)]))).text).toBe(
      'before\nafter',
    );
  });

  it('is recognised by its content whatever the file extension', async () => {
    expect((await read('a.html', page('<script src="x"/>', '<p>kept</p>'))).text).toBe('kept');
  });

  it('may have CDATA, names with a prefix, and the entities of HTML', async () => {
    const prefixed =
      '<?xml version="1.0"?><h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:body><h:p>a&nbsp;&eacute; &lt;b&gt;</h:p><h:script>no()</h:script><h:p><![CDATA[c &amp; <d>]]></h:p></h:body></h:html>';
    expect((await read('a.xhtml', prefixed)).text).toBe('a\u00a0é <b>\nc &amp; <d>');
  });

  it('is read by other rules than an HTML page', async () => {
    expect((await read('a.html', '<!doctype html><p>one<br>two<p>three<script>no()</script></html>')).text).toBe(
      'one\ntwo\nthree',
    );
  });
});

describe('an HTML page', () => {
  it.each([
    ['ruby readings', '<p><ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>タワー</p>', '東京タワー'],
    [
      'alternative texts of pictures',
      '<p>See <img alt="the map of the quay"> here</p>',
      'See the map of the quay here',
    ],
    ['values of fields, but no hidden ones', '<input value="Typed"><input type="hidden" value="secret">', 'Typed'],
    [
      'text in drawings and formulas',
      '<svg><text>Label</text></svg><math><mi>x</mi><annotation>tex</annotation></math>',
      'Label\nx',
    ],
  ])('is read with %s', async (_, html, text) => {
    expect((await read('a.html', html)).text).toBe(text);
  });

  it('is not a plain text that begins with a tag', async () => {
    const text = '<html> is the first tag. The <script> tag runs programs. The rule stands.';
    expect((await read('a.txt', text)).text).toBe(text);
    expect((await read('a.txt', `${text}</html>`)).text).not.toContain('<html>');
  });
});

describe('an EPUB book', () => {
  const book = (hrefs: readonly string[], entries: Record<string, string>, bytes?: Record<string, Uint8Array>) => {
    const items = hrefs.map((href, at) => `<item id="c${at}" href="${href}"/>`).join('');
    const spine = hrefs.map((_, at) => `<itemref idref="c${at}"/>`).join('');
    const parts = {
      'META-INF/container.xml': '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
      'OEBPS/book.opf': `<package><manifest>${items}</manifest><spine>${spine}</spine></package>`,
      ...entries,
    };
    return zipSync({
      ...Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])),
      ...bytes,
    });
  };

  it.each([
    ['a composed name for a decomposed entry', 'r\u00e9sum\u00e9.xhtml', 're\u0301sume\u0301.xhtml'],
    ['a decomposed name for a composed entry', 're\u0301sume\u0301.xhtml', 'r\u00e9sum\u00e9.xhtml'],
    ['an escaped name', 'a%20b%C3%A9.xhtml', 'a b\u00e9.xhtml'],
    ['a bare percent sign', '100%.xhtml', '100%.xhtml'],
    ['a name that looks escaped and is not', 'a%20b.xhtml', 'a%20b.xhtml'],
    ['other capitals', 'Chapter.XHTML', 'chapter.xhtml'],
    ['a fragment', 'a.xhtml#part', 'a.xhtml'],
  ])('finds a chapter by %s', async (_, href, entry) => {
    expect(await read('a.epub', book([href], { [`OEBPS/${entry}`]: '<p>found</p>' }))).toEqual({
      text: 'found',
      gaps: [],
    });
  });

  it('reports a missing chapter, and reads the rest', async () => {
    const found = await read('a.epub', book(['gone.xhtml', 'b.xhtml'], { 'OEBPS/b.xhtml': '<p>rest</p>' }));
    expect(found).toEqual({ text: 'rest', gaps: ["The chapter 'gone.xhtml' is missing in the book."] });
  });

  it('is rejected when all its chapters are missing', async () => {
    expect((await read('a.epub', book(['gone.xhtml'], {}))).text).toContain('all of its chapters are missing');
  });
});

describe('Word documents', () => {
  it('are read with headers, footers, notes, comments, charts and diagrams', async () => {
    const parts = {
      'word/header1.xml': `<w:hdr>${paragraph('Letterhead')}</w:hdr>`,
      'word/header2.xml': `<w:hdr>${paragraph('Letterhead')}</w:hdr>`,
      'word/footer1.xml': `<w:ftr>${paragraph('Reference 77')}</w:ftr>`,
      'word/comments.xml': `<w:comments><w:comment>${paragraph('Ask first.')}</w:comment></w:comments>`,
      'word/charts/chart1.xml':
        '<c:chartSpace><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Turnover</a:t></a:r></a:p></c:rich></c:tx></c:title><c:ser><c:tx><c:v>North</c:v></c:tx><c:cat><c:pt><c:v>May</c:v></c:pt></c:cat><c:val><c:pt><c:v>40</c:v></c:pt></c:val></c:ser></c:chart></c:chartSpace>',
      'word/diagrams/data1.xml': '<dgm:dataModel><a:p><a:r><a:t>Escalate</a:t></a:r></a:p></dgm:dataModel>',
    };
    const body = `${paragraph('Before')}<w:p><w:drawing><c:chart r:id="c"/></w:drawing></w:p><w:p><dgm:relIds r:dm="d"/></w:p>${paragraph('After')}`;
    const relations = rels(
      ['h1', 'header', 'header1.xml'],
      ['h2', 'header', 'header2.xml'],
      ['f', 'footer', 'footer1.xml'],
      ['k', 'comments', 'comments.xml'],
      ['c', 'chart', 'charts/chart1.xml'],
      ['d', 'diagramData', 'diagrams/data1.xml'],
    );
    const { text, gaps } = await read('a.docx', docx(body, relations, parts));
    expect(text.split('\n').filter((line) => line !== '')).toEqual([
      'Letterhead',
      'Before',
      'Turnover',
      'North: May 40',
      'Escalate',
      'After',
      'Reference 77',
      'Ask first.',
    ]);
    expect(gaps).toEqual([]);
  });

  it('include inserted documents at their place', async () => {
    const mht =
      'MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>R=C3=BCckgabe</p>';
    const body = `${paragraph('Before')}<w:altChunk r:id="p"/><w:altChunk r:id="m"/>${paragraph('After')}`;
    const relations = rels(['p', 'aFChunk', 'chunk.html'], ['m', 'aFChunk', 'chunk.mht']);
    const parts = { 'word/chunk.html': '<p>From the page</p>', 'word/chunk.mht': mht };
    const { text } = await read('a.docx', docx(body, relations, parts));
    expect(text.split('\n').filter((line) => line !== '')).toEqual(['Before', 'From the page', 'Rückgabe', 'After']);
  });

  it('report embedded files and missing parts', async () => {
    const relations = rels(['o', 'package', 'embeddings/sheet.xlsx'], ['f', 'footer', 'gone.xml']);
    expect(
      (await read('a.docx', docx(paragraph('Body'), relations, { 'word/embeddings/sheet.xlsx': 'x' }))).gaps,
    ).toEqual([
      "The embedded file 'sheet.xlsx' was not read. Upload it as a file of its own.",
      "The part 'word/gone.xml' is missing in the file.",
    ]);
  });

  it('are recognised by their root element, in any folder', async () => {
    const flat = makeZip({
      '_rels/.rels': rels(['m', 'officeDocument', '/document.xml']),
      'document.xml': document(paragraph('Roof')),
    });
    expect((await read('a.docx', flat)).text).toBe('Roof');
  });

  it('keep words whole that have ruby readings', async () => {
    const ruby =
      '<w:p><w:r><w:ruby><w:rt><w:r><w:t>とう</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東京</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>タワー</w:t></w:r></w:p>';
    expect((await read('a.docx', makeDocx(ruby))).text).toBe('東京タワー');
  });

  it('may have a part in UTF-16BE', async () => {
    const notes = Buffer.from(`\ufeff<w:footnotes>${paragraph('Damson')}</w:footnotes>`, 'utf16le').swap16();
    const parts = docx(paragraph('Body'), rels(['n', 'footnotes', 'notes%20a.xml']), {});
    const { unzipSync } = await import('fflate');
    const withNotes = zipSync({ ...unzipSync(parts), 'word/notes a.xml': notes });
    expect((await read('a.docx', withNotes)).text).toBe('Body\nDamson');
  });
});

describe('workbooks', () => {
  it('show the formula of a cell without a stored value, and report it', async () => {
    const row = '<row r="1"><c r="A1"><f>SUM(B1:B9)</f></c><c r="B1"><f>1+1</f><v>2</v></c></row>';
    const { text, gaps } = await read('a.xlsx', makeXlsx(row));
    expect(text).toBe('Sales\n=SUM(B1:B9)\t2');
    expect(gaps).toEqual([expect.stringContaining("In the sheet 'Sales' 1 formula has no stored value")]);
  });

  it('include the text of printed headers without their codes', async () => {
    const sheet = makeXlsx(
      '<row><c t="inlineStr"><is><t>Cell</t></is></c></row></sheetData><headerFooter><oddHeader>&amp;L&amp;"Arial,Bold"Internal&amp;RPage &amp;P</oddHeader></headerFooter><sheetData>',
    );
    expect((await read('a.xlsx', sheet)).text).toBe('Sales\nCell\nInternal Page');
  });
});

describe('a PDF with a form or notes', () => {
  const field = (entries: string, bottom: number) =>
    `<< /Type /Annot /Subtype /Widget /Rect [150 ${bottom} 400 ${bottom + 16}] /P 3 0 R ${entries} >>`;

  it('is read with the values of its form beside their labels, including ticked boxes and choices', async () => {
    const content =
      'BT /F1 10 Tf 60 700 Td (Name:) Tj ET BT /F1 10 Tf 60 670 Td (Country:) Tj ET BT /F1 10 Tf 60 640 Td (Agreed:) Tj ET';
    const annotations = [
      field('/FT /Tx /T (name) /V (Quillfeather)', 696),
      field('/FT /Ch /T (country) /V (EL) /Opt [[(EL) (Elbonia)] [(FR) (France)]]', 666),
      field('/FT /Btn /T (agreed) /V /Yes /AS /Yes /AP << /N << /Yes 20 0 R /Off 20 0 R >> >>', 636),
      field('/FT /Tx /T (secret) /Ff 8192 /V (hunter2)', 600),
      field('/FT /Tx /T (hidden) /F 2 /V (not shown)', 580),
    ];
    const objects = ['<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 0 >>\nstream\n\nendstream'];
    expect((await read('a.pdf', makeRawPdf({ content, annotations, objects }))).text).toBe(
      'Name: Quillfeather\nCountry: Elbonia\nAgreed: [x]',
    );
  });

  it('is read with the notes and free text that users wrote on it, each once', async () => {
    const annotations = [
      '<< /Type /Annot /Subtype /FreeText /Rect [60 600 400 620] /Contents (Approved) /DA (/Helv 10 Tf) >>',
      '<< /Type /Annot /Subtype /Text /Rect [60 560 80 580] /Contents (Recheck this) /Popup 102 0 R >>',
      '<< /Type /Annot /Subtype /Popup /Rect [90 560 200 580] /Parent 101 0 R /Contents (Recheck this) >>',
    ];
    const content = 'BT /F1 10 Tf 60 700 Td (Body) Tj ET';
    expect((await read('a.pdf', makeRawPdf({ content, annotations }))).text).toBe('Body\nApproved\nRecheck this');
  });

  it.each([
    ['90ms-RKSJ-H', 'Adobe-Japan1', '93fa967b8cea', '日本語'],
    ['EUC-H', 'Adobe-Japan1', 'c6fccbdcb8ec', '日本語'],
    ['GBK-EUC-H', 'Adobe-GB1', 'd6d0cec4', '中文'],
    ['ETen-B5-H', 'Adobe-CNS1', 'a4a4a4e5', '中文'],
    ['KSCms-UHC-H', 'Adobe-Korea1', 'c7d1b1db', '한글'],
    ['UniJIS-UTF16-H', 'Adobe-Japan1', '65e5672c8a9e', '日本語'],
  ])('is read in fonts coded by %s', async (cmap, collection, hex, text) => {
    const [registry, ordering] = collection.split('-');
    const descendant = `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /X /CIDSystemInfo << /Registry (${registry}) /Ordering (${ordering}) /Supplement 1 >> /DW 1000 >>`;
    const fonts = `/F1 << /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /${cmap} /DescendantFonts [${descendant}] >>`;
    const content = `BT /F1 14 Tf 60 700 Td <${hex}> Tj ET`;
    expect(await read('a.pdf', makeRawPdf({ content, fonts }))).toEqual({ text, gaps: [] });
  });

  it('reports its attached files', async () => {
    const catalog = '/Names << /EmbeddedFiles << /Names [(prices.xlsx) 20 0 R] >> >>';
    const objects = [
      '<< /Type /Filespec /F (prices.xlsx) /UF (prices.xlsx) /EF << /F 21 0 R >> >>',
      '<< /Type /EmbeddedFile /Length 3 >>\nstream\nabc\nendstream',
    ];
    const content = 'BT /F1 10 Tf 60 700 Td (Body) Tj ET';
    expect((await read('a.pdf', makeRawPdf({ content, catalog, objects }))).gaps).toEqual([
      "The attached file 'prices.xlsx' was not read. Upload it as a file of its own.",
    ]);
  });
});

describe('messages and saved pages', () => {
  const mail = (headers: string, body: string) =>
    `Subject: =?utf-8?B?S8O8bmRpZ3VuZw==?=\r\nFrom: Ana <a@example.org>\r\nMIME-Version: 1.0\r\n${headers}\r\n\r\n${body}`;

  it('are decoded, with their subject and correspondents', async () => {
    const base64 = Buffer.from('Der Vertrag endet im März.').toString('base64');
    const found = await read(
      'a.eml',
      mail('Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64', base64),
    );
    expect(found).toEqual({
      text: 'Subject: Kündigung\nFrom: Ana <a@example.org>\n\nDer Vertrag endet im März.',
      gaps: [],
    });
  });

  it('are read under the name .doc that exporting programs give them', async () => {
    const page = mail(
      'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable',
      '<p>zw=C3=B6lf Wo=\r\nchen</p>',
    );
    expect((await read('export.doc', page)).text).toContain('zwölf Wochen');
  });

  it('report their attachments', async () => {
    const parts =
      '--B\r\nContent-Type: text/plain\r\n\r\nSee attached.\r\n--B\r\nContent-Type: application/pdf; name="offer.pdf"\r\nContent-Disposition: attachment; filename="offer.pdf"\r\n\r\nx\r\n--B--\r\n';
    expect(await read('a.eml', mail('Content-Type: multipart/mixed; boundary="B"', parts))).toEqual({
      text: expect.stringContaining('See attached.'),
      gaps: ["The attachment 'offer.pdf' was not read. Upload it as a file of its own."],
    });
  });
});

/** The byte of a letter in windows-1251. */
function cp1251(sign: string): number {
  const decoder = new TextDecoder('windows-1251');
  for (let byte = 0; byte < 256; byte += 1) if (decoder.decode(Uint8Array.of(byte)) === sign) return byte;
  throw new Error(`'${sign}' is not in windows-1251.`);
}
