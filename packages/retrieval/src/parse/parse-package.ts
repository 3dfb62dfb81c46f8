import { relationsOf } from './office-relations.ts';
import { parseDocx } from './parse-docx.ts';
import { parseEpub } from './parse-epub.ts';
import { invalid, ParseFault, unsupported } from './parse-fault.ts';
import { parsePptx } from './parse-pptx.ts';
import { parseXlsx } from './parse-xlsx.ts';
import type { ParsedDocument } from './port.ts';
import { withZipParts, type ZipParts } from './zip-parts.ts';

const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** A document that is a ZIP package; which one it is, its parts tell. */
export async function parsePackage(path: string): Promise<ParsedDocument> {
  try {
    return await withZipParts(path, parseParts);
  } catch (error) {
    if (error instanceof ParseFault || error instanceof RangeError) throw error;
    throw invalid('The file is damaged: it is a package (as docx, pptx, xlsx or epub are) that cannot be unpacked.');
  }
}

async function parseParts(parts: ZipParts): Promise<ParsedDocument> {
  if (parts.names.has('META-INF/container.xml')) {
    return { mimeType: 'application/epub+zip', sections: await parseEpub(parts) };
  }
  const main = (await relationsOf(parts, '')).find(({ type }) => type === 'officeDocument')?.target ?? '';
  if (main.endsWith('.bin')) {
    throw unsupported('The file is a binary Excel workbook (xlsb). Save it as xlsx and upload it again.');
  }
  switch (main.split('/')[0]) {
    case 'word':
      return { mimeType: `${OFFICE}.wordprocessingml.document`, sections: await parseDocx(parts, main) };
    case 'ppt':
      return { mimeType: `${OFFICE}.presentationml.presentation`, sections: await parsePptx(parts, main) };
    case 'xl':
      return { mimeType: `${OFFICE}.spreadsheetml.sheet`, sections: await parseXlsx(parts, main) };
    default:
      throw unsupported(
        parts.names.has('content.xml')
          ? 'The file is an OpenDocument file. Save it as docx, pptx, xlsx or PDF and upload it again.'
          : 'The file is a ZIP archive. Unpack it and upload the files in it.',
      );
  }
}
