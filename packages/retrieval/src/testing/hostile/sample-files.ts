import { makeDocx, makeEpub, makePdf, makePptx, makeXlsx, paragraph } from '../make-files.ts';
import { makeDoc } from '../make-ole.ts';

/** A small valid file of a type, as the start of mutations. */
export interface SampleFile {
  readonly filename: string;
  readonly bytes: Buffer;
}

const MESSAGE = [
  'From: Ana <ana@example.com>',
  'Subject: =?utf-8?q?Caf=C3=A9?=',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="b1"',
  '',
  '--b1',
  'Content-Type: text/html; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  '<p>Hello =C3=A9</p>',
  '--b1',
  'Content-Type: application/pdf; name="a.pdf"',
  'Content-Disposition: attachment; filename="a.pdf"',
  'Content-Transfer-Encoding: base64',
  '',
  'JVBERi0xLjQK',
  '--b1--',
  '',
].join('\r\n');

const PAGE =
  '<!doctype html><html><head><meta charset="utf-8"><title>T</title><style>a{}</style></head><body><h1>Head</h1><p>one ' +
  '<b>two</b> &amp; &#x4e16;<ul><li>a<li>b</ul><table><tr><td>1<td>2</table><pre>x\n y</pre><script>1<2</script></body></html>';

const ROWS =
  '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>inline</t></is></c></row>' +
  '<row r="2"><c r="A2" s="1"><v>45292</v></c><c r="B2" s="2"><v>45292.5</v></c><c r="C2"><f>A1+1</f><v>0.3</v></c></row>';

/** One file of each type that is read, and of some that are only recognised. */
export function sampleFiles(): SampleFile[] {
  const files: readonly (readonly [filename: string, content: string | Uint8Array])[] = [
    ['a.txt', 'Plain words, café and 世界.\nA second line.\n'],
    ['b.txt', Buffer.from('\ufeffUTF-16 words, 世界\n', 'utf16le')],
    ['a.csv', 'a,b,c\n1,"two, 2",3\n'],
    ['a.json', '{"a":[1,2,{"b":"c"}],"d":null}'],
    ['a.md', '# Head\n\n- one\n- two\n'],
    ['a.html', PAGE],
    ['a.eml', MESSAGE],
    ['a.rtf', '{\\rtf1\\ansi Hello \\b bold\\b0 .}'],
    ['a.pdf', makePdf(['First page', '', 'Third page'])],
    ['b.pdf', makeStreamPdf()],
    ['a.docx', makeDocx(`${paragraph('Hello &amp; welcome')}${TABLE}`, paragraph('A footnote'))],
    ['a.pptx', makePptx([{ text: 'Opening', notes: 'Say hello' }, { text: 'End' }])],
    ['a.xlsx', makeXlsx(ROWS, ['Shared &lt;text&gt;', 'more'])],
    ['a.epub', makeEpub(['<html><h1>One</h1><p>Begin</p></html>', '<html><p>Finish</p></html>'])],
    ['a.doc', makeDoc('Old words, naïve and 世界\rSecond line\r')],
  ];
  return files.map(([filename, content]) => ({ filename, bytes: Buffer.from(content) }));
}

const TABLE = `<w:tbl><w:tr><w:tc>${paragraph('a')}</w:tc><w:tc>${paragraph('b')}</w:tc></w:tr></w:tbl>`;

/** A PDF with filters, a form, a note, nested page tree and an embedded cross-reference to repair. */
function makeStreamPdf(): Buffer {
  const content = Buffer.from('BT /F1 12 Tf 10 100 Td (Packed words) Tj ET /X0 Do');
  const hex = `${content.toString('hex')}>`;
  const form = 'BT /F1 9 Tf (In a form) Tj ET';
  return Buffer.from(
    [
      '%PDF-1.7',
      '1 0 obj << /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [8 0 R] >> >> endobj',
      '2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj',
      '3 0 obj << /Type /Pages /Parent 2 0 R /Kids [4 0 R] /Count 1 >> endobj',
      '4 0 obj << /Type /Page /Parent 3 0 R /MediaBox [0 0 200 200] /Contents 5 0 R /Annots [8 0 R 9 0 R]',
      '  /Resources << /Font << /F1 6 0 R >> /XObject << /X0 7 0 R >> >> >> endobj',
      `5 0 obj << /Length ${hex.length} /Filter [/ASCIIHexDecode] >>\nstream\n${hex}\nendstream endobj`,
      '6 0 obj << /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [10 0 R] >> endobj',
      `7 0 obj << /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 6 0 R >> >> /Length ${form.length} >>\nstream\n${form}\nendstream endobj`,
      '8 0 obj << /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (A value) /Rect [1 1 50 20] >> endobj',
      '9 0 obj << /Type /Annot /Subtype /Text /Contents (A note) /Rect [1 30 20 50] >> endobj',
      '10 0 obj << /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 0 >> >> endobj',
      'trailer << /Root 1 0 R /Size 11 >>',
      'startxref',
      '0',
      '%%EOF',
      '',
    ].join('\n'),
    'latin1',
  );
}
