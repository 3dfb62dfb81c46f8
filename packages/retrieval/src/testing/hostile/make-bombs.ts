import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import { makeDocx, paragraph } from '../make-files.ts';
import type { SampleFile } from './sample-files.ts';

const MB = 2 ** 20;

/**
 * A PDF of some kilobytes whose page content is compressed twice and unpacks to so many megabytes of spaces. It is made
 * without unpacking it: one compressed megabyte that ends at a byte boundary, repeated.
 */
function makeNestedFlatePdf(unpackedMb: number): Buffer {
  const megabyte = deflateRawSync(Buffer.alloc(MB, ' '), { finishFlush: constants.Z_FULL_FLUSH });
  const once = Buffer.concat([
    Buffer.from([0x78, 0x9c]),
    ...Array.from({ length: unpackedMb }, () => megabyte),
    deflateRawSync(Buffer.from('BT (The end) Tj ET')),
    Buffer.alloc(4),
  ]);
  const twice = deflateSync(once, { level: 9 });
  const head = [
    '%PDF-1.4',
    '1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj',
    '2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj',
    '3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << >> >> endobj',
    `4 0 obj << /Filter [/FlateDecode /FlateDecode] /Length ${twice.length} >>`,
    'stream',
    '',
  ].join('\n');
  const tail = '\nendstream endobj\ntrailer << /Root 1 0 R /Size 5 >>\nstartxref\n0\n%%EOF\n';
  return Buffer.concat([Buffer.from(head), twice, Buffer.from(tail)]);
}

/** A PDF whose page draws a form that draws another ten times, and so on: ten to the power of `depth` texts. */
function makeNestedFormsPdf(depth: number): Buffer {
  const forms = Array.from({ length: depth }, (_, at) => {
    const isLast = at === depth - 1;
    const content = isLast ? 'BT /F1 9 Tf (ha) Tj ET' : '/X Do '.repeat(10);
    const inner = isLast ? '/Font << /F1 4 0 R >>' : `/XObject << /X ${6 + at} 0 R >>`;
    return `${5 + at} 0 obj << /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << ${inner} >> /Length ${content.length} >>\nstream\n${content}\nendstream endobj`;
  });
  return Buffer.from(
    [
      '%PDF-1.4',
      '1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj',
      '2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj',
      `3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents ${5 + depth} 0 R /Resources << /XObject << /X 5 0 R >> >> >> endobj`,
      '4 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> endobj',
      ...forms,
      `${5 + depth} 0 obj << /Length 5 >>\nstream\n/X Do\nendstream endobj`,
      `trailer << /Root 1 0 R /Size ${6 + depth} >>\nstartxref\n0\n%%EOF\n`,
    ].join('\n'),
    'latin1',
  );
}

export interface Bomb extends SampleFile {
  readonly name: string;
  /** Only its time limit ends it. */
  readonly isEndless: boolean;
}

/** Small files, each of which makes a naive parser work for hours or use gigabytes of memory. */
export function makeBombs(): Bomb[] {
  const bombs = [
    { name: 'a PDF packed twice', filename: 'a.pdf', bytes: makeNestedFlatePdf(3_000) },
    { name: 'a PDF of forms in forms', filename: 'b.pdf', bytes: makeNestedFormsPdf(12) },
    { name: 'a Word document of open tags', filename: 'a.docx', bytes: Buffer.from(makeDocx('<w:x>'.repeat(300_000))) },
    {
      name: 'a Word document of spaces',
      filename: 'b.docx',
      bytes: Buffer.from(makeDocx(paragraph(' '.repeat(1_000_000)))),
    },
    { name: 'a page of open tags', filename: 'a.html', bytes: Buffer.from(`<html>${'<div>'.repeat(3_000_000)}`) },
  ];
  return bombs.map((bomb) => ({ ...bomb, isEndless: bomb.filename === 'b.pdf' }));
}
