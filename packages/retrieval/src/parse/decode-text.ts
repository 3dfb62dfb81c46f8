import { invalid, type ParseFault, unsupported } from './parse-fault.ts';

/** Far more text than the 5,000,000 tokens a file may have; a limit on work, not the one that a person meets. */
export const TEXT_BYTES_MAX = 64 * 2 ** 20;
const SAMPLE_UNITS = 65_536;
/** Logs have a stray control character here and there; bytes that are no text have them everywhere. */
const CONTROL_SHARE_MAX = 0.01;

const NOT_TEXT = 'The file is neither text nor of a type that can be read.';
const WRONG_ENCODING =
  'The text is not encoded as UTF-8, as UTF-16 with a byte order mark, or as ASCII. Save it as UTF-8 and upload it again.';

/** The text of bytes in UTF-8, UTF-16 with a byte order mark, or ASCII; throws a ParseFault for anything else. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.byteLength > TEXT_BYTES_MAX) throw tooMuchText(bytes);
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && looksLikeUtf16(bytes)) throw invalid(WRONG_ENCODING);
  const text = decode(bytes, encoding);
  if (text === undefined) throw isBinary(decodeLatin1(bytes)) ? unsupported(NOT_TEXT) : invalid(WRONG_ENCODING);
  if (isBinary(text)) throw unsupported(NOT_TEXT);
  return text.toWellFormed();
}

/** What is wrong with a file that is too long to be text, by its beginning: most likely it is none. */
export function tooMuchText(head: Uint8Array): ParseFault {
  return encodingOf(head) === 'utf-8' && head.includes(0)
    ? unsupported(NOT_TEXT)
    : invalid(`The file has more than ${TEXT_BYTES_MAX / 2 ** 20} MB of text. Split it into smaller files.`);
}

/** The text in the encoding it is said to be in, or undefined when it is not, or no such encoding is known. */
export function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Western text in UTF-16 has a zero for every other byte. */
function looksLikeUtf16(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 512);
  if (sample.length < 4) return false;
  const zeros = [0, 0];
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const half = sample.length / 2;
  return (even > half * 0.8 && odd === 0) || (odd > half * 0.8 && even === 0);
}

function isBinary(text: string): boolean {
  if (text.includes('\0')) return true;
  const sampleUnits = Math.min(text.length, SAMPLE_UNITS);
  let controls = 0;
  for (let at = 0; at < sampleUnits; at += 1) if (isControl(text.charCodeAt(at))) controls += 1;
  return controls > sampleUnits * CONTROL_SHARE_MAX;
}

/** White space, and the escape that colours the output of programs, are part of text. */
function isControl(unit: number): boolean {
  return unit < 0x20 ? (unit < 0x09 || unit > 0x0d) && unit !== 0x1b : unit === 0x7f;
}

function decodeLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, SAMPLE_UNITS)).toString('latin1');
}
