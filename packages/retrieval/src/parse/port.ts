import type { Waiting } from '@espejo/core';

/** A section of text in reading order, with its page. */
export interface ParsedSection {
  readonly text: string;
  /** From 1, for documents with pages or slides. */
  readonly page: number | null;
}

export interface ParsedDocument {
  /** The detected type of the content, whatever its name said. */
  readonly mimeType: string;
  readonly sections: readonly ParsedSection[];
  /** What could not be read, one sentence each; absent: the text is complete. */
  readonly gaps?: readonly string[];
  /** Pages of pictures without text, which text recognition may read; absent: none. */
  readonly picturePages?: readonly number[];
}

/** OpenAI's error codes for a file that cannot be used; the message is a sentence for its owner. */
export interface ParseFailure {
  readonly code: 'unsupported_file' | 'invalid_file' | 'server_error';
  readonly message: string;
  /** The file failed because it has only these pages of pictures, which text recognition may read. */
  readonly picturePages?: readonly number[];
}

export type ParseResult =
  | { readonly ok: true; readonly document: ParsedDocument }
  | { readonly ok: false; readonly failure: ParseFailure };

export interface ParseOptions {
  readonly signal?: AbortSignal | undefined;
  /** The tenant and store of the file, which take turns. */
  readonly turn?: Waiting | undefined;
  /** Called when the file's turn has come, before it is read; `parse` throws what it throws. */
  readonly onTurn?: (() => Promise<void>) | undefined;
  /** Called before its pictures go to text recognition: the file has been read, and the rest takes minutes. */
  readonly onRecognition?: (() => Promise<void>) | undefined;
}

export interface FileToParse {
  readonly path: string;
  readonly filename: string;
  readonly sizeBytes: number;
  /** Only these pages, from 1; absent: all. */
  readonly pages?: readonly number[];
}

/** Extracts text from files. Never throws because of a file's content: a bad file gives a failure result. */
export interface Parser {
  /** Identifies the way of reading when it gives other text than the default; absent: the default. */
  readonly variant?: string;
  parse(file: FileToParse, options?: ParseOptions): Promise<ParseResult>;
  close(): Promise<void>;
}
