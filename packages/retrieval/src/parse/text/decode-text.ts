import { analyse } from 'chardet';
import { invalid, type ParseFault, unsupported } from '../parse-fault.ts';
import { TEXT_UNITS_MAX, textTooLong } from './text-builder.ts';

/** A limit on work; users meet another limit first. */
export const TEXT_BYTES_MAX = TEXT_UNITS_MAX;
const SAMPLE_UNITS = 65_536;
/** Logs have a few control characters; binary files have many. */
const CONTROL_SHARE_MAX = 0.01;
/** A text in UTF-8 with a few damaged bytes stays UTF-8; one in another encoding has errors in every other word. */
const DAMAGED_SHARE_MAX = 0.002;
const DAMAGED_FREE = 1;
/** The confidence (of 100) that the detector needs; below it Western European text is read as windows-1252. */
const SURE = 30;
/** The browsers' default for Western text without a declared encoding (WHATWG Encoding Standard). */
const WESTERN = 'windows-1252';
/** Names of the detector that are aliases, or subsets, of readable encodings (same standard). */
const READ_AS: Readonly<Record<string, string>> = {
  'ISO-8859-1': WESTERN,
  ASCII: WESTERN,
  'ISO-8859-9': 'windows-1254',
};
/** Encodings in which any bytes are valid text, so that their detection proves nothing. */
const DETECTED_SAMPLE_BYTES = 256 * 1024;

const NOT_TEXT = 'The file is neither text nor of a type that can be read.';
const WRONG_ENCODING =
  'The encoding of the text is not known: it is not UTF-8, names no other, and none could be detected from its bytes. Save it as UTF-8 and upload it again.';

export interface DecodedText {
  readonly text: string;
  /** The encoding that was used, by its name in the WHATWG Encoding Standard. */
  readonly encoding: string;
  /** A note for the reader: that the encoding was detected, or how many bytes were damaged. Null: none. */
  readonly doubt: string | null;
}

export interface DecodeOptions {
  /** The encoding that the text declares itself, as XML and HTML do. */
  readonly declared?: string | undefined;
  /** HTML without a declared encoding is windows-1252 unless it is valid UTF-8, as in browsers. */
  readonly isHtml?: boolean;
}

/**
 * Decodes bytes: by byte order mark, else by the declared encoding, else as UTF-8, else by detection, which is reported
 * in `doubt`. Throws a ParseFault for bytes that are not text, or whose encoding is unknown.
 */
export function decodeText(bytes: Uint8Array, { declared, isHtml = false }: DecodeOptions = {}): DecodedText {
  if (bytes.byteLength > TEXT_BYTES_MAX) throw tooMuchText(bytes);
  const marked = markOf(bytes);
  if (marked !== undefined) return checked(decode(bytes, marked) ?? decodeDamaged(bytes, marked), marked, null);
  const wide = wideWithoutMark(bytes);
  if (wide !== undefined) {
    const text = decode(bytes, wide);
    if (text !== undefined) return checked(text, wide, null);
  }
  const strict = decode(bytes, 'utf-8');
  // Valid UTF-8 beyond ASCII is UTF-8, whatever a page declares.
  if (strict !== undefined && strict.length < bytes.length) return checked(strict, 'utf-8', null);
  const named = declared === undefined ? undefined : encodingNamed(declared);
  if (named !== undefined && named !== 'utf-8' && !named.startsWith('utf-16')) {
    const text = decode(bytes, named);
    if (text !== undefined) return checked(text, named, null);
  }
  if (strict !== undefined) return checked(strict, 'utf-8', null);
  if (bytes.includes(0)) throw unsupported(NOT_TEXT);
  return decodeUndeclared(bytes, isHtml);
}

function decodeUndeclared(bytes: Uint8Array, isHtml: boolean): DecodedText {
  const damaged = decodeDamaged(bytes, 'utf-8');
  const damagedCount = countOf(damaged, '\ufffd');
  // Valid letters beyond ASCII prove the encoding; a few errors alone may be one stray byte.
  const wholeCount = Array.from(damaged.slice(0, SAMPLE_UNITS)).filter(
    (sign) => sign > '\x7f' && sign !== '\ufffd',
  ).length;
  const isUtf8 =
    damagedCount <= Math.max(DAMAGED_FREE, bytes.length * DAMAGED_SHARE_MAX) &&
    (wholeCount > damagedCount || (damagedCount <= DAMAGED_FREE && bytes.length > 64 && wholeCount > 0));
  if (isUtf8) {
    const doubt = `${damagedCount} ${damagedCount === 1 ? 'byte is' : 'bytes are'} not UTF-8, unlike the rest, and ${damagedCount === 1 ? 'is' : 'are'} shown as \ufffd.`;
    return checked(damaged, 'utf-8', doubt);
  }
  if (isBinary(decodeSample(bytes))) throw unsupported(NOT_TEXT);
  if (isHtml) return checked(decodeDamaged(bytes, WESTERN), WESTERN, null);
  const encoding = detect(bytes);
  const text = encoding === undefined ? undefined : decode(bytes, encoding);
  if (encoding === undefined || text === undefined) throw invalid(WRONG_ENCODING);
  return checked(text, encoding, `The file does not declare its encoding, and was read as ${encoding}.`);
}

/** The encoding that a detector is sure of, by its name in the Encoding Standard; else Western. */
function detect(bytes: Uint8Array): string | undefined {
  const candidates = analyse(
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, DETECTED_SAMPLE_BYTES)),
  );
  const [best] = candidates.filter(({ name }) => !name.startsWith('UTF-'));
  if (best === undefined || best.confidence < SURE) return WESTERN;
  return encodingNamed(READ_AS[best.name] ?? best.name) ?? WESTERN;
}

function checked(text: string, encoding: string, doubt: string | null): DecodedText {
  if (isBinary(text)) throw unsupported(NOT_TEXT);
  return { text: text.toWellFormed(), encoding, doubt };
}

/** The error of a file that is too long to be text, by its beginning: most likely it is not text. */
export function tooMuchText(head: Uint8Array): ParseFault {
  return markOf(head) === undefined && wideWithoutMark(head) === undefined && head.includes(0)
    ? unsupported(NOT_TEXT)
    : textTooLong();
}

/** The text in the given encoding, or undefined when it is invalid or the encoding is unknown. */
function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeDamaged(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes);
}

/** The standard's name of an encoding by any of its labels, or undefined. */
export function encodingNamed(label: string): string | undefined {
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch {
    return undefined;
  }
}

/** The encoding of a byte order mark. */
export function markOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** In Western text and markup in UTF-16 every other byte is zero, also without a mark. */
export function wideWithoutMark(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 512);
  if (sample.length < 4) return undefined;
  let even = 0;
  let odd = 0;
  for (const [at, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  const most = (sample.length / 2) * 0.8;
  if (even > most && odd === 0) return 'utf-16be';
  return odd > most && even === 0 ? 'utf-16le' : undefined;
}

function isBinary(text: string): boolean {
  if (text.includes('\0')) return true;
  const sampleUnits = Math.min(text.length, SAMPLE_UNITS);
  let controls = 0;
  for (let at = 0; at < sampleUnits; at += 1) if (isControl(text.charCodeAt(at))) controls += 1;
  return controls > sampleUnits * CONTROL_SHARE_MAX;
}

/** White space, and the escape character of terminal colours, are part of text. */
function isControl(unit: number): boolean {
  return unit < 0x20 ? (unit < 0x09 || unit > 0x0d) && unit !== 0x1b : unit === 0x7f;
}

function countOf(text: string, sign: string): number {
  let count = 0;
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) count += 1;
  return count;
}

function decodeSample(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, SAMPLE_UNITS)).toString('latin1');
}
