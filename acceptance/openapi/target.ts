import type fc from 'fast-check';

/** An operation, and the valid parts of its requests. */
export interface Target {
  readonly operationId: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  /** Valid values of each query parameter. */
  readonly query: Readonly<Record<string, fc.Arbitrary<string>>>;
  /** Valid JSON bodies; null: it takes none. */
  readonly json: fc.Arbitrary<unknown> | null;
  /** The field of a form that holds the file, and its other fields; null: it takes no form. */
  readonly form: { readonly file: string; readonly fields: Readonly<Record<string, string>> } | null;
  /** The body is the bytes of a file. */
  readonly isUpload: boolean;
}

export interface RequestSources {
  /** Existing ids, so that requests get past the 404. */
  readonly ids: readonly string[];
  /** Cursors from earlier answers. */
  readonly cursors: readonly string[];
  /** The only base URL for connections. */
  readonly baseUrl: string;
}
