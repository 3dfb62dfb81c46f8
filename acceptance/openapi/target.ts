import type fc from 'fast-check';

/** An operation, and what a request of it is made of while nothing is bent. */
export interface Target {
  readonly operationId: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  /** Good values of each parameter of the query. */
  readonly query: Readonly<Record<string, fc.Arbitrary<string>>>;
  /** Good JSON bodies; null: it takes none. */
  readonly json: fc.Arbitrary<unknown> | null;
  /** The field of a form that holds the file, and its other fields; null: it takes no form. */
  readonly form: { readonly file: string; readonly fields: Readonly<Record<string, string>> } | null;
  /** The body is a file as it is. */
  readonly isUpload: boolean;
}

export interface RequestSources {
  /** Ids that exist, so that requests reach what is behind the 404. */
  readonly ids: readonly string[];
  /** Cursors that were handed out. */
  readonly cursors: readonly string[];
  /** The one place connections may point to. */
  readonly baseUrl: string;
}
