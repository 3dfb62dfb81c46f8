import { extname } from 'node:path';
import { isNamedAsText } from './text/text-types.ts';

export type ContentKind = 'pdf' | 'package' | 'ole' | 'rtf' | 'mime' | 'text';

/** What is read to classify a file: its first and last bytes, and its size. */
export interface ContentSample {
  readonly filename: string;
  readonly sizeBytes: number;
  readonly head: Buffer;
  readonly tail: Buffer;
}

/** How much readers of PDF allow before its first line. */
const PDF_START_MAX = 1024;
const ZIP_LOCAL = [0x50, 0x4b, 0x03, 0x04];
const ZIP_EMPTY = [0x50, 0x4b, 0x05, 0x06];
const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/** A header sector and one of content: the smallest container. */
const OLE_BYTES_MIN = 1024;
/** Every RTF writer begins with a control word for the character set or the default font. */
const RTF_START = /^\{\\rtf\d?\s*(?:\\|\{)/;
/** Names under which programs save messages and pages in MIME form, such as Confluence's `.doc`. */
const MIME_NAMES = new Set(['.eml', '.mht', '.mhtml', '.doc', '.xls', '.ppt', '.msg', '']);
const HEADER_LINE = /^(?:[!-9;-~]+:.*|[ \t].*)$/;

/**
 * The kind of a file, by its name and its content together: a text about a format may begin with that format's first
 * bytes, so a file whose name says text is treated as something else only when more than its beginning shows it.
 */
export function contentKind(sample: ContentSample): ContentKind {
  const { head, tail, filename, sizeBytes } = sample;
  const isTextByName = isNamedAsText(filename);
  if (isPdf(sample, isTextByName)) return 'pdf';
  const isZip = startsWith(head, ZIP_LOCAL) || startsWith(head, ZIP_EMPTY);
  // Every ZIP ends with its directory's record, with a comment of at most 64 KB.
  if (isZip && (!isTextByName || tail.includes('PK\x05\x06', 0, 'latin1'))) return 'package';
  if (startsWith(head, OLE) && (!isTextByName || sizeBytes >= OLE_BYTES_MIN)) return 'ole';
  const start = head.subarray(0, 64).toString('latin1');
  if (start.startsWith('{\\rtf') && (!isTextByName || RTF_START.test(start))) return 'rtf';
  return isMime(head, filename) ? 'mime' : 'text';
}

function isPdf({ head, tail, filename }: ContentSample, isTextByName: boolean): boolean {
  const at = head.subarray(0, PDF_START_MAX).indexOf('%PDF-');
  if (at === -1) return false;
  if (extname(filename).toLowerCase() === '.pdf') return true;
  if (at > 0) return false;
  return !isTextByName || tail.includes('startxref') || tail.includes('%%EOF');
}

/** A block of header lines, `MIME-Version` among them, with an empty line after it. */
function isMime(head: Buffer, filename: string): boolean {
  if (!MIME_NAMES.has(extname(filename).toLowerCase())) return false;
  const [block = '', ...rest] = head.toString('latin1').replaceAll('\r\n', '\n').trimStart().split('\n\n');
  if (rest.length === 0) return false;
  const lines = block.split('\n');
  const isHeaders = lines.every((line) => HEADER_LINE.test(line));
  const names = new Set(lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()));
  if (!isHeaders) return false;
  return names.has('mime-version') || (extname(filename).toLowerCase() === '.eml' && names.has('from'));
}

function startsWith(head: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, at) => head[at] === byte);
}
