import { readFile } from 'node:fs/promises';
import WordExtractor from 'word-extractor';
import { invalid, unsupported } from '../parse-fault.ts';
import type { ParsedDocument } from '../port.ts';
import { checkOle } from './check-ole.ts';
import { findOleStream } from './ole-directory.ts';

const FLAGS_AT = 0x0a;
const ENCRYPTED = 0x0100;

/** A document of an older Office, or a newer one with a password: both use the same container. */
export async function parseOle(path: string): Promise<ParsedDocument> {
  const bytes = await readFile(path);
  if (findOleStream(bytes, 'EncryptedPackage') !== undefined) {
    throw unsupported('The file is protected by a password. Upload it without one.');
  }
  const word = findOleStream(bytes, 'WordDocument');
  if (word === undefined) throw unsupported(reasonFor(bytes));
  const flagsAt = word.offset + FLAGS_AT;
  const flags = flagsAt + 2 <= bytes.length ? bytes.readUInt16LE(flagsAt) : 0;
  if ((flags & ENCRYPTED) !== 0) throw unsupported('The file is protected by a password. Upload it without one.');
  checkOle(bytes);
  try {
    const document = await new WordExtractor().extract(bytes);
    const texts = [document.getBody(), document.getTextboxes(), document.getFootnotes(), document.getEndnotes()];
    return {
      mimeType: 'application/msword',
      sections: texts.map((text) => ({ text: text.trim(), page: null })).filter((section) => section.text !== ''),
    };
  } catch (error) {
    if (error instanceof RangeError && error.message.includes('string length')) throw error;
    throw invalid('The Word document is damaged. Open it in Word, save it as docx, and upload it again.');
  }
}

function reasonFor(bytes: Buffer): string {
  if (findOleStream(bytes, 'Workbook') ?? findOleStream(bytes, 'Book')) {
    return 'The file is an Excel workbook of an old format. Save it as xlsx and upload it again.';
  }
  if (findOleStream(bytes, 'PowerPoint Document')) {
    return 'The file is a PowerPoint presentation of an old format. Save it as pptx and upload it again.';
  }
  return 'The file is of an old Office format that cannot be read. Save it in a newer one and upload it again.';
}
