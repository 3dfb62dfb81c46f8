import { readFile } from 'node:fs/promises';
import { getDocumentProxy } from 'unpdf';
import { invalid, unsupported } from './parse-fault.ts';
import type { ParsedSection } from './port.ts';

const SILENT = 0;

/** A PDF: a section a page. Only text is read; pictures of text are none. */
export async function parsePdf(path: string): Promise<ParsedSection[]> {
  const document = await getDocumentProxy(bytesOf(await readFile(path)), { verbosity: SILENT }).catch(
    (error: unknown) => {
      throw explain(error);
    },
  );
  const sections: ParsedSection[] = [];
  let failedPages = 0;
  for (let page = 1; page <= document.numPages; page += 1) {
    try {
      const proxy = await document.getPage(page);
      const { items } = await proxy.getTextContent();
      const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('');
      sections.push({ text: text.trim(), page });
      proxy.cleanup();
    } catch {
      // One damaged page takes no other page from the reader.
      failedPages += 1;
    }
  }
  if (sections.length === 0 && failedPages > 0) throw invalid('The PDF is damaged: none of its pages can be read.');
  if (!sections.some((section) => section.text !== '')) {
    throw unsupported(
      'The PDF has no text, only images or drawings. Run text recognition (OCR) on it and upload the result.',
    );
  }
  return sections;
}

function explain(error: unknown): unknown {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') return unsupported('The PDF is protected by a password. Upload it without one.');
  if (error instanceof RangeError) return error;
  return invalid('The PDF is damaged and cannot be opened.');
}

/** The buffer's bytes as their reader wants them: copied only from a buffer that shares its memory with others. */
function bytesOf(buffer: Buffer<ArrayBuffer>): Uint8Array {
  return buffer.byteLength === buffer.buffer.byteLength ? new Uint8Array(buffer.buffer) : new Uint8Array(buffer);
}
