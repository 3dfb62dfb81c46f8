import { hashText } from '../../random.ts';
import { makeText } from '../../seed/make-text.ts';
import type { Chunking, FileRow, LastError } from '../rows.ts';

const TEXT_EXTENSIONS = new Set('c cpp cs css go html java js json md php py rb sh tex ts txt'.split(' '));
const BINARY_EXTENSIONS = new Set(['doc', 'docx', 'pdf', 'pptx']);
/** The share of text in the bytes of a seeded document of a binary format. */
const BINARY_TEXT_SHARE = 1 / 40;
const BYTES_PER_TOKEN = 4;
/** Besides its text a chunk counts a vector: 256 float32 numbers. */
const CHUNK_VECTOR_BYTES = 1024;

export type ParsedFile =
  | { readonly text: string; readonly error: null }
  | { readonly text: null; readonly error: LastError };

/** The text of a file that a store indexes, or why it cannot. */
export function parseFile(file: FileRow): ParsedFile {
  const extension = extensionOf(file.filename);
  const isBinary = BINARY_EXTENSIONS.has(extension);
  if (!isBinary && !TEXT_EXTENSIONS.has(extension)) {
    return refused('unsupported_file', 'The file type is not supported.');
  }
  if (file.bytes === 0) return refused('invalid_file', 'The file is empty.');
  if (file.content === null) return { text: seededText(file, seededTextBytes(file)), error: null };
  if (isBinary) return { text: printableRuns(file.content), error: null };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(file.content), error: null };
  } catch {
    return refused('invalid_file', 'The file could not be parsed because it is not valid text.');
  }
}

/** How many bytes of text a seeded file has, without making the text. */
export function seededTextBytes(file: Pick<FileRow, 'bytes' | 'filename'>): number {
  const isBinary = BINARY_EXTENSIONS.has(extensionOf(file.filename));
  return isBinary ? Math.max(1, Math.floor(file.bytes * BINARY_TEXT_SHARE)) : file.bytes;
}

/** The usage bytes of this much text. */
export function usageBytesOf(textBytes: number, chunking: Chunking): number {
  return textBytes + CHUNK_VECTOR_BYTES * chunkCount(textBytes, chunking);
}

/** Splits a text by the chunking strategy; a token is four characters here. */
export function chunkText(text: string, chunking: Chunking): readonly string[] {
  const { size, step } = chunkSpan(chunking);
  const chunks: string[] = [];
  for (let start = 0; start === 0 || start + size - step < text.length; start += step) {
    chunks.push(text.slice(start, start + size));
  }
  return chunks;
}

function chunkCount(textBytes: number, chunking: Chunking): number {
  const { size, step } = chunkSpan(chunking);
  return textBytes <= size ? 1 : Math.ceil((textBytes - (size - step)) / step);
}

function chunkSpan(chunking: Chunking): { readonly size: number; readonly step: number } {
  const { maxTokens, overlapTokens } = chunking.type === 'static' ? chunking : { maxTokens: 800, overlapTokens: 400 };
  return { size: maxTokens * BYTES_PER_TOKEN, step: (maxTokens - overlapTokens) * BYTES_PER_TOKEN };
}

function seededText(file: FileRow, bytes: number): string {
  return makeText(hashText(file.id), bytes, file.filename.replace(/\.[^.]*$/, '').replace(/[-_]/g, ' '));
}

function extensionOf(filename: string): string {
  return filename.slice(filename.lastIndexOf('.') + 1).toLowerCase();
}

function refused(code: LastError['code'], message: string): ParsedFile {
  return { text: null, error: { code, message } };
}

/** The sandbox has no PDF or Office parser: it indexes the readable runs of such files. */
function printableRuns(content: Uint8Array): string {
  const runs = Buffer.from(content)
    .toString('latin1')
    .match(/[\x20-\x7e]{4,}/g);
  return runs?.join('\n') ?? '';
}

/** The bytes of a file, generated for a seeded one. */
export function fileContent(file: FileRow): Uint8Array {
  return file.content ?? Buffer.from(seededText(file, file.bytes));
}
