import { PluginError } from '@espejo/terraform-plugin';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Behind the base URL, or a whole URL of the same server. */
  readonly path: string;
  readonly json?: unknown;
  /** Made anew for each try. */
  readonly form?: (() => Promise<FormData>) | undefined;
  /** False: a second try could make a second object. Then an answer that is lost throws `AnswerLost`. */
  readonly isRepeatable?: boolean | undefined;
  /** What the request is about, for the words of an error. */
  readonly subject: string;
}

/** A refusal, with its status and code for callers that expect some. */
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
