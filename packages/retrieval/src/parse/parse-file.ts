import { open, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import { type ContentSample, contentKind } from './content-kind.ts';
import { createGaps, type Gaps } from './gaps.ts';
import { invalid, ParseFault, unsupported } from './parse-fault.ts';
import type { FileToParse, ParsedDocument, ParseResult } from './port.ts';
import { declaredEncoding } from './text/declared-encoding.ts';
import { type DecodedText, decodeText, TEXT_BYTES_MAX, tooMuchText } from './text/decode-text.ts';
import { textOfHtml } from './text/html-text.ts';
import { textTypeOf } from './text/text-types.ts';

const HEAD_BYTES = 4100;
/** A PDF and a ZIP have their directories at the end; a ZIP's may have a comment after it. */
const TAIL_BYTES = 66_000;
const HTML_EXTENSIONS = new Set(['.html', '.htm', '.xhtml']);

/**
 * The text of a file, read as the type that its name and content give, with a sentence for each part that could not be
 * read.
 */
export async function parseFile(file: FileToParse): Promise<ParseResult> {
  try {
    if (file.sizeBytes === 0) throw invalid('The file is empty.');
    const gaps = createGaps();
    const document = await readDocument(file, gaps);
    const sections = document.sections.map((section) => ({ ...section, text: cleaned(section.text) }));
    if (!sections.some((section) => section.text.trim() !== '')) throw invalid(withoutText(gaps.list()));
    const list = gaps.list();
    return { ok: true, document: { ...document, sections, ...(list.length === 0 ? {} : { gaps: list }) } };
  } catch (error) {
    if (!(error instanceof ParseFault)) throw error;
    const { code, message, picturePages } = error;
    return { ok: false, failure: { code, message, ...(picturePages !== undefined && { picturePages }) } };
  }
}

function withoutText(gaps: readonly string[]): string {
  return ['The file has no text in it.', ...gaps.slice(0, 3)].join(' ');
}

async function readDocument(file: FileToParse, gaps: Gaps): Promise<ParsedDocument> {
  const sample = await sampleOf(file);
  // Each parser is loaded when it is first needed: most files are text.
  switch (contentKind(sample)) {
    case 'pdf': {
      const { parsePdf } = await import('./pdf/parse-pdf.ts');
      return parsePdf(file.path, gaps);
    }
    case 'package': {
      const { parsePackage } = await import('./office/parse-package.ts');
      return parsePackage(file.path, gaps);
    }
    case 'ole': {
      const { parseOle } = await import('./ole/parse-ole.ts');
      return parseOle(file.path);
    }
    case 'mime': {
      const { parseMime } = await import('./mime/parse-mime.ts');
      if (file.sizeBytes > TEXT_BYTES_MAX) throw tooMuchText(sample.head);
      return parseMime(file.path, gaps);
    }
    case 'rtf':
      throw unsupported('The file is in Rich Text Format (RTF). Save it as docx or PDF and upload it again.');
    case 'text':
      return readText(file, sample.head, gaps);
  }
}

async function readText({ path, filename, sizeBytes }: FileToParse, head: Buffer, gaps: Gaps): Promise<ParsedDocument> {
  const extension = extname(filename).toLowerCase();
  // Rejected without reading it: a video is not text, however long.
  if (sizeBytes > TEXT_BYTES_MAX) throw await named(tooMuchText(head), head, extension);
  const bytes = await readFile(path);
  let decoded: DecodedText;
  try {
    const isHtml = HTML_EXTENSIONS.has(extension);
    decoded = decodeText(bytes, { declared: declaredEncoding(bytes), isHtml });
  } catch (error) {
    throw await named(error, head, extension);
  }
  const { text, doubt } = decoded;
  if (doubt !== null) gaps.note(doubt);
  const mimeType = textTypeOf(text, extension);
  return { mimeType, sections: [{ text: mimeType === 'text/html' ? textOfHtml(text) : text, page: null }] };
}

/** Adds the type of a file that is not text, if its first bytes show it. */
async function named(error: unknown, head: Buffer, extension: string): Promise<unknown> {
  if (!(error instanceof ParseFault)) return error;
  const type = await fileTypeFromBuffer(head).catch(() => undefined);
  // The markup may be known even when the encoding is not.
  if (type === undefined || /^text\/|xml$/.test(type.mime)) return error;
  const isMislabelled = extension !== '' && extension !== `.${type.ext}`;
  const name = isMislabelled ? `, although its name ends in ${extension}` : '';
  return unsupported(`The file is ${type.mime}${name}. Files of this type have no text that can be read.`);
}

/** Text in a form that can be stored and compared: no NUL, which ends a text in databases, and no half characters. */
function cleaned(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

async function sampleOf({ path, filename, sizeBytes }: FileToParse): Promise<ContentSample> {
  const handle = await open(path);
  try {
    const at = async (position: number, length: number) => {
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(length), position });
      return buffer.subarray(0, bytesRead);
    };
    const head = await at(0, HEAD_BYTES);
    return { filename, sizeBytes, head, tail: await at(Math.max(0, sizeBytes - TAIL_BYTES), TAIL_BYTES) };
  } finally {
    await handle.close();
  }
}
