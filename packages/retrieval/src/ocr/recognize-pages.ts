import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { invalid, ParseFault } from '../parse/parse-fault.ts';
import type { FileToParse, ParsedSection, ParseResult } from '../parse/port.ts';

/** Three times 72 points per inch: letters of ten points are thirty pixels high, which recognition needs. */
const SCALE = 3;
/** A page in A4 at that scale has 4.5 million. */
const PIXELS_MAX = 9_000_000;
const LANGUAGE = 'eng';

/** Recognises text on pictures of pages, in English. Its packages are loaded only here. */
export async function recognizePages({ path, pages = [] }: FileToParse): Promise<ParseResult> {
  const [{ PDFiumLibrary }, { createWorker }] = await Promise.all([import('@hyzyla/pdfium'), import('tesseract.js')]);
  const library = await PDFiumLibrary.init();
  const worker = await createWorker(LANGUAGE, undefined, {
    langPath: join(dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json')), '4.0.0'),
    cacheMethod: 'none',
    gzip: true,
  });
  try {
    const document = await library.loadDocument(await readFile(path));
    const sections: ParsedSection[] = [];
    for (const page of pages) {
      const { data, width, height } = await pictureOf(document.getPage(page - 1));
      const { data: found } = await worker.recognize(graymap(data, width, height));
      sections.push({ text: found.text.trim(), page });
    }
    document.destroy();
    return { ok: true, document: { mimeType: 'application/pdf', sections } };
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const fault =
      error instanceof ParseFault ? error : invalid('The pages could not be drawn for text recognition (OCR).');
    return { ok: false, failure: { code: fault.code, message: fault.message } };
  } finally {
    await worker.terminate();
    library.destroy();
  }
}

type Page = ReturnType<
  Awaited<ReturnType<InstanceType<typeof import('@hyzyla/pdfium').PDFiumLibrary>['loadDocument']>>['getPage']
>;

async function pictureOf(page: Page) {
  const { originalWidth: width, originalHeight: height } = page.getOriginalSize();
  const scale = Math.min(SCALE, Math.sqrt(PIXELS_MAX / Math.max(1, width * height)));
  return page.render({ scale, render: 'bitmap', colorSpace: 'Gray' });
}

/** A portable graymap with one byte per pixel, the simplest image format that recognition reads. */
function graymap(pixels: Uint8Array, width: number, height: number): Buffer {
  return Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), pixels.subarray(0, width * height)]);
}
