import type { Waiting } from '@espejo/core';

/** One run of text in reading order, with where it stands in the document. */
export interface ParsedSection {
  readonly text: string;
  /** From 1, for documents with pages or slides. */
  readonly page: number | null;
}

export interface ParsedDocument {
  /** What the content turned out to be, whatever its name said. */
  readonly mimeType: string;
  readonly sections: readonly ParsedSection[];
  /** What could not be read, a sentence each; absent: the text is whole. */
  readonly gaps?: readonly string[];
  /** Pages of pictures without text, which text recognition may read; absent: none. */
  readonly picturePages?: readonly number[];
}

/** OpenAI's reasons for a file that cannot be used; the message is a sentence for its owner. */
export interface ParseFailure {
  readonly code: 'unsupported_file' | 'invalid_file' | 'server_error';
  readonly message: string;
  /** The file failed because it has nothing but these pages of pictures, which text recognition may read. */
  readonly picturePages?: readonly number[];
}

export type ParseResult =
  | { readonly ok: true; readonly document: ParsedDocument }
  | { readonly ok: false; readonly failure: ParseFailure };

export interface ParseOptions {
  readonly signal?: AbortSignal | undefined;
  /** For whom the file is read: tenants, and stores within a tenant, have their turns. */
  readonly turn?: Waiting | undefined;
  /** Called when the file's turn has come, before it is read; what it throws is thrown by `parse`. */
  readonly onTurn?: (() => Promise<void>) | undefined;
  /** Called before its pictures go to text recognition: the file has been read, and what is left takes minutes. */
  readonly onRecognition?: (() => Promise<void>) | undefined;
}

export interface FileToParse {
  readonly path: string;
  readonly filename: string;
  readonly sizeBytes: number;
  /** Only these pages, from 1; absent: all. */
  readonly pages?: readonly number[];
}

/** Text out of files. Never throws for what a file contains: a bad file is a result. */
export interface Parser {
  /** Says how it reads, where parsers that read otherwise would find other text; absent: as every parser does. */
  readonly variant?: string;
  parse(file: FileToParse, options?: ParseOptions): Promise<ParseResult>;
  close(): Promise<void>;
}
