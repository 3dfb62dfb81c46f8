import { strToU8, type Zippable, zipSync } from 'fflate';

type Parts = Readonly<Record<string, string>>;

/** A ZIP of text parts. */
export function makeZip(parts: Parts): Uint8Array {
  const zippable: Zippable = {};
  for (const [name, text] of Object.entries(parts)) zippable[name] = strToU8(text);
  return zipSync(zippable);
}

const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

function rels(...relations: readonly (readonly [id: string, type: string, target: string])[]): string {
  const rows = relations.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${RELATION}/${type}" Target="${target}"/>`,
  );
  return `<?xml version="1.0"?><Relationships xmlns="x">${rows.join('')}</Relationships>`;
}

/** A Word document whose body is this WordprocessingML. */
export function makeDocx(body: string, footnotes?: string): Uint8Array {
  return makeZip({
    '_rels/.rels': rels(['rId1', 'officeDocument', 'word/document.xml']),
    'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`,
    ...(footnotes === undefined
      ? {}
      : {
          'word/_rels/document.xml.rels': rels(['rId1', 'footnotes', 'footnotes.xml']),
          'word/footnotes.xml': `<w:footnotes xmlns:w="w"><w:footnote>${footnotes}</w:footnote></w:footnotes>`,
        }),
  });
}

/** A paragraph of WordprocessingML. */
export function paragraph(text: string): string {
  return `<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

/**
 * A presentation with one line per slide; the slides' parts are numbered against their order, as after a reordering.
 */
export function makePptx(
  slides: readonly { readonly text: string; readonly notes?: string }[],
  options: { readonly timesShown?: number } = {},
): Uint8Array {
  const parts: Record<string, string> = { '_rels/.rels': rels(['rId1', 'officeDocument', 'ppt/presentation.xml']) };
  const numberOf = (index: number): number => slides.length - index;
  const ids = slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`).join('');
  parts['ppt/presentation.xml'] =
    `<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>${ids.repeat(options.timesShown ?? 1)}</p:sldIdLst></p:presentation>`;
  parts['ppt/_rels/presentation.xml.rels'] = rels(
    ...slides.map((_, index) => [`rId${index + 1}`, 'slide', `slides/slide${numberOf(index)}.xml`] as const),
  );
  for (const [index, { text, notes }] of slides.entries()) {
    const name = `slide${numberOf(index)}.xml`;
    parts[`ppt/slides/${name}`] = drawing(text);
    if (notes === undefined) continue;
    parts[`ppt/slides/_rels/${name}.rels`] = rels(['rId1', 'notesSlide', `../notesSlides/notes${index}.xml`]);
    parts[`ppt/notesSlides/notes${index}.xml`] = drawing(notes);
  }
  return makeZip(parts);
}

function drawing(text: string): string {
  const pageNumber = '<a:p><a:fld type="slidenum"><a:rPr/><a:t>99</a:t></a:fld></a:p>';
  return `<p:sld xmlns:a="a" xmlns:p="p"><a:p><a:r><a:rPr lang="en"/><a:t>${text}</a:t></a:r></a:p>${pageNumber}</p:sld>`;
}

/** A workbook of one sheet whose rows are this SpreadsheetML. */
export function makeXlsx(
  rows: string,
  sharedStrings: readonly string[] = [],
  dateFormat = 'dd/mm/yyyy hh:mm',
): Uint8Array {
  return makeZip({
    '_rels/.rels': rels(['rId1', 'officeDocument', '/xl/workbook.xml']),
    'xl/workbook.xml':
      '<workbook xmlns:r="r"><sheets><sheet name="Sales" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': rels(
      ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
      ['rId2', 'sharedStrings', 'sharedStrings.xml'],
      ['rId3', 'styles', 'styles.xml'],
    ),
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    'xl/sharedStrings.xml': `<sst>${sharedStrings.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`,
    'xl/styles.xml':
      `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="${dateFormat}"/></numFmts>` +
      '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>',
  });
}

/** A book with one chapter per page of HTML. */
export function makeEpub(chapters: readonly string[], extra: Parts = {}): Uint8Array {
  const items = chapters.map((_, index) => `<item id="c${index}" href="ch%20${index}.xhtml"/>`).join('');
  const spine = chapters.map((_, index) => `<itemref idref="c${index}"/>`).join('');
  return makeZip({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    'OEBPS/book.opf': `<package><manifest>${items}</manifest><spine>${spine}</spine></package>`,
    ...Object.fromEntries(chapters.map((html, index) => [`OEBPS/ch ${index}.xhtml`, html])),
    ...extra,
  });
}

/** A PDF with one line of text per page; an empty line is a page without text. */
export function makePdf(pages: readonly string[], options: { readonly isEncrypted?: boolean } = {}): Uint8Array {
  const font = 3;
  const pageId = (index: number): number => 4 + index * 2;
  const kids = pages.map((_, index) => `${pageId(index)} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  for (const [index, text] of pages.entries()) {
    const content = text === '' ? '0 0 m 100 100 l S' : `BT /F1 24 Tf 72 700 Td (${text}) Tj ET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${pageId(index) + 1} 0 R /Resources << /Font << /F1 ${font} 0 R >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    );
  }
  const key = '0'.repeat(64);
  const encryption = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -4 >> /ID [<00> <00>]`;
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const startXref = file.length;
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${options.isEncrypted === true ? encryption : ''} >>\n`;
  file += `startxref\n${startXref}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}
