import { PluginError } from '@espejo/terraform-plugin';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to the base URL, or a whole URL of the same server. */
  readonly path: string;
  readonly json?: unknown;
  /** Created for each attempt. */
  readonly form?: (() => Promise<FormData>) | undefined;
  /** False: a retry could create a second object. Then a lost answer throws `AnswerLost`. */
  readonly isRepeatable?: boolean | undefined;
  /** The subject of the request, for error messages. */
  readonly subject: string;
}

/** An error response, with its status and code for callers that expect some. */
export class HttpError extends PluginError {
  readonly status: number;
  readonly code: string;
  readonly body: unknown;

  constructor(status: number, code: string, body: unknown, words: { summary: string; detail: string }) {
    super(words.summary, words.detail);
    this.status = status;
    this.code = code;
    this.body = body;
  }
}
