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
}

/** OpenAI's reasons for a file that cannot be used; the message is a sentence for its owner. */
export interface ParseFailure {
  readonly code: 'unsupported_file' | 'invalid_file' | 'server_error';
  readonly message: string;
}

export type ParseResult =
  | { readonly ok: true; readonly document: ParsedDocument }
  | { readonly ok: false; readonly failure: ParseFailure };

/** Text out of files. Never throws for what a file contains: a bad file is a result. */
export interface Parser {
  parse(file: { path: string; filename: string; sizeBytes: number }, signal?: AbortSignal): Promise<ParseResult>;
  close(): Promise<void>;
}
