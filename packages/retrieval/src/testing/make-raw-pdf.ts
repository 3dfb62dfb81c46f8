/** A PDF of one page, assembled from its parts byte by byte. */
export interface RawPdf {
  /** The page's content stream. */
  readonly content?: string;
  /** The page's fonts, as dictionaries: `/F1 << … >>`. */
  readonly fonts?: string;
  /** Dictionaries of the page's annotations; those of fields also go into the document's form. */
  readonly annotations?: readonly string[];
  /** Further objects, numbered from 20. */
  readonly objects?: readonly string[];
  /** Further entries of the catalog. */
  readonly catalog?: string;
}

const FIRST_ANNOTATION = 100;
const FIRST_OBJECT = 20;
const HELVETICA = '/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';

export function makeRawPdf({
  content = '',
  fonts = HELVETICA,
  annotations = [],
  objects = [],
  catalog = '',
}: RawPdf): Uint8Array {
  const refs = annotations.map((_, index) => `${FIRST_ANNOTATION + index} 0 R`).join(' ');
  const bodies = new Map<number, string>([
    [1, `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${refs}] >> ${catalog} >>`],
    [2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
    [
      3,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Annots [${refs}] /Resources << /Font << ${fonts} >> >> >>`,
    ],
    [4, `<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`],
    ...objects.map((body, index) => [FIRST_OBJECT + index, body] as const),
    ...annotations.map((body, index) => [FIRST_ANNOTATION + index, body] as const),
  ]);
  let file = '%PDF-1.7\n';
  const offsets = new Map<number, number>();
  for (const [id, body] of bodies) {
    offsets.set(id, file.length);
    file += `${id} 0 obj\n${body}\nendobj\n`;
  }
  const xrefAt = file.length;
  const rows = [...offsets].map(([id, offset]) => `${id} 1\n${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 1\n0000000000 65535 f \n${rows}trailer\n<< /Size 1000 /Root 1 0 R >>\nstartxref\n${xrefAt}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

/** Content that draws each text at its place, in the given order. */
export function drawnTexts(
  texts: readonly { readonly text: string; readonly x: number; readonly y: number; readonly size: number }[],
): string {
  return texts.map(({ text, x, y, size }) => `BT /F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm (${text}) Tj ET`).join('\n');
}
