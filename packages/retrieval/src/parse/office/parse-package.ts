import { createGaps, type Gaps } from '../gaps.ts';
import { invalid, ParseFault, unsupported } from '../parse-fault.ts';
import type { ParsedDocument } from '../port.ts';
import { TextBudget } from '../text/text-builder.ts';
import { relationsOf } from './office-relations.ts';
import { parseDocx } from './parse-docx.ts';
import { parseEpub } from './parse-epub.ts';
import { parsePptx } from './parse-pptx.ts';
import { parseXlsx } from './parse-xlsx.ts';
import { rootOf } from './related-text.ts';
import { withZipParts, type ZipParts } from './zip-parts.ts';

const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** A document that is a ZIP package; its parts determine its type. */
export async function parsePackage(path: string, gaps: Gaps = createGaps()): Promise<ParsedDocument> {
  try {
    return await withZipParts(path, gaps, (parts) => parseParts(parts, gaps));
  } catch (error) {
    if (error instanceof ParseFault || error instanceof RangeError) throw error;
    throw invalid('The file is damaged: it is a package (as docx, pptx, xlsx or epub are) that cannot be unpacked.');
  }
}

async function parseParts(parts: ZipParts, gaps: Gaps): Promise<ParsedDocument> {
  if (parts.find('META-INF/container.xml') !== undefined) {
    return { mimeType: 'application/epub+zip', sections: await parseEpub(parts, gaps) };
  }
  const main = (await relationsOf(parts, '')).find(({ type }) => type === 'officeDocument')?.target ?? '';
  if (main.endsWith('.bin')) {
    throw unsupported('The file is a binary Excel workbook (xlsb). Save it as xlsx and upload it again.');
  }
  const reading = { parts, gaps, budget: new TextBudget() };
  // The root element determines the type of a document, in any folder.
  switch (parts.find(main) === undefined ? '' : await rootOf(parts, main)) {
    case 'document':
      return { mimeType: `${OFFICE}.wordprocessingml.document`, sections: await parseDocx(reading, main) };
    case 'presentation':
      return { mimeType: `${OFFICE}.presentationml.presentation`, sections: await parsePptx(reading, main) };
    case 'workbook':
      return { mimeType: `${OFFICE}.spreadsheetml.sheet`, sections: await parseXlsx(reading, main) };
    default:
      throw unsupported(
        parts.find('content.xml') !== undefined
          ? 'The file is an OpenDocument file. Save it as docx, pptx, xlsx or PDF and upload it again.'
          : 'The file is a ZIP archive. Unpack it and upload the files in it.',
      );
  }
}
