import { open, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import { decodeText, TEXT_BYTES_MAX, tooMuchText } from './decode-text.ts';
import { decodeHtml, textOfHtml } from './html-text.ts';
import { invalid, ParseFault, unsupported } from './parse-fault.ts';
import type { ParsedDocument, ParseResult } from './port.ts';
import { textTypeOf } from './text-types.ts';

export interface FileToParse {
  readonly path: string;
  readonly filename: string;
  readonly sizeBytes: number;
}

const HEAD_BYTES = 4100;
/** What readers of PDF allow before its first line. */
const PDF_START_MAX = 1024;
const HTML_EXTENSIONS = new Set(['.html', '.htm', '.xhtml']);

/** The text of a file, read as what its content is; its name decides only between kinds of text. */
export async function parseFile(file: FileToParse): Promise<ParseResult> {
  try {
    if (file.sizeBytes === 0) throw invalid('The file is empty.');
    const document = await readDocument(file);
    const sections = document.sections.map((section) => ({ ...section, text: cleaned(section.text) }));
    if (!sections.some((section) => section.text.trim() !== '')) throw invalid('The file has no text in it.');
    return { ok: true, document: { ...document, sections } };
  } catch (error) {
    if (!(error instanceof ParseFault)) throw error;
    return { ok: false, failure: { code: error.code, message: error.message } };
  }
}

async function readDocument(file: FileToParse): Promise<ParsedDocument> {
  const head = await headOf(file.path);
  // Each is loaded when it is first needed: most files are text.
  if (isPdf(head, file.filename)) {
    const { parsePdf } = await import('./parse-pdf.ts');
    return { mimeType: 'application/pdf', sections: await parsePdf(file.path) };
  }
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06])) {
    const { parsePackage } = await import('./parse-package.ts');
    return parsePackage(file.path);
  }
  if (startsWith(head, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) {
    const { parseOle } = await import('./parse-ole.ts');
    return parseOle(file.path);
  }
  if (head.subarray(0, 5).toString('latin1') === '{\\rtf') {
    throw unsupported('The file is in Rich Text Format (RTF). Save it as docx or PDF and upload it again.');
  }
  return readText(file, head);
}

async function readText({ path, filename, sizeBytes }: FileToParse, head: Buffer): Promise<ParsedDocument> {
  const extension = extname(filename).toLowerCase();
  // Not read whole to be refused: a film is no text, however long.
  if (sizeBytes > TEXT_BYTES_MAX) throw await named(tooMuchText(head), head, extension);
  const bytes = await readFile(path);
  let text: string;
  try {
    text = HTML_EXTENSIONS.has(extension) ? decodeHtml(bytes) : decodeText(bytes);
  } catch (error) {
    throw await named(error, head, extension);
  }
  const mimeType = textTypeOf(text, extension);
  return { mimeType, sections: [{ text: mimeType === 'text/html' ? textOfHtml(text) : text, page: null }] };
}

/** Says of what is no text what it is, when its first bytes tell. */
async function named(error: unknown, head: Buffer, extension: string): Promise<unknown> {
  if (!(error instanceof ParseFault)) return error;
  const type = await fileTypeFromBuffer(head).catch(() => undefined);
  // Its markup may be known where its encoding is the trouble.
  if (type === undefined || /^text\/|xml$/.test(type.mime)) return error;
  const isMislabelled = extension !== '' && extension !== `.${type.ext}`;
  const name = isMislabelled ? `, although its name ends in ${extension}` : '';
  return unsupported(`The file is ${type.mime}${name}. Files of this type have no text that can be read.`);
}

/** Some programs write something before a PDF's first line; elsewhere the words are those of a text about PDF. */
function isPdf(head: Buffer, filename: string): boolean {
  const at = head.subarray(0, PDF_START_MAX).indexOf('%PDF-');
  return at === 0 || (at > 0 && extname(filename).toLowerCase() === '.pdf');
}

/** Text as it can be kept and compared: no NUL, which databases end a text at, and no half characters. */
function cleaned(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

async function headOf(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(HEAD_BYTES), position: 0 });
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function startsWith(head: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, at) => head[at] === byte);
}
