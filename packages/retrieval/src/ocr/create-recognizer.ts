import { createParserPool } from '../parse/parser-pool.ts';
import type { Parser } from '../parse/port.ts';
import type { FileReaderOptions } from '../parse/process/file-reader.ts';

const ENTRY = new URL('./recognizer-process.ts', import.meta.url);
/** Optional dependencies, which an installation may have left out. */
const PACKAGES = ['@hyzyla/pdfium', 'tesseract.js', '@tesseract.js-data/eng'];

/** The missing packages for text recognition; empty: it can be used. */
export function missingRecognitionPackages(): string[] {
  return PACKAGES.filter((name) => {
    try {
      return import.meta.resolve(name) === '';
    } catch {
      return true;
    }
  });
}

/**
 * Recognises text on pictures of pages (OCR), in English, one file at a time in a process of its own with bounded
 * memory. It starts with the first such file and ends when there are none.
 */
export function createRecognizer(options: FileReaderOptions): Parser {
  return createParserPool({ ...options, processes: 1 }, ENTRY);
}
