import { isAccountExhausted, type RequestFailure } from '@espejo/upstream/pacing';
import { HttpError, type HttpRequest } from './http-error.ts';

/** An error message that says what to do. Never contains the key or headers. */
export function explainFailure(failure: RequestFailure, request: HttpRequest, baseUrl: string): HttpError {
  const what = `${request.method} ${request.path} (${request.subject})`;
  if (failure.type !== 'status') {
    const reason =
      failure.type === 'timeout'
        ? 'The request timed out; request_timeout_seconds of the provider sets the limit.'
        : failure.type === 'connection'
          ? `The connection failed${failure.code === null ? '' : ` (${failure.code})`}. Check base_url and the network.`
          : 'The answer is not from an OpenAI-compatible server. Check that base_url ends with /v1.';
    return new HttpError(0, '', null, { summary: `No answer from ${originOf(baseUrl)}`, detail: `${reason}\n${what}` });
  }
  const { status, body } = failure;
  const { message, code } = errorOf(body);
  const said = message === '' ? `The server answered ${status}.` : message;
  return new HttpError(status, code, body, {
    summary: summaryOf(failure, status),
    detail: `${said}${adviceOf(failure, status)}\n${what} answered ${status}${code === '' ? '' : ` ${code}`}.`,
  });
}

function summaryOf(failure: RequestFailure, status: number): string {
  if (isRedirect(status)) return 'The server is at another address';
  if (isAccountExhausted(failure)) return 'The account is out of credit or over its limit';
  if (status === 401) return 'The server rejects the API key';
  if (status === 403) return 'The API key lacks a permission';
  if (status === 404) return 'Not found';
  if (status === 409) return 'Conflict with a running operation';
  if (status === 429) return 'Too many requests';
  return status >= 500 ? 'The server failed' : 'The server rejects the request';
}

function adviceOf(failure: RequestFailure, status: number): string {
  if (isRedirect(status)) {
    return '\nThe server redirects. Redirects are not followed, because the key would be sent elsewhere. Set base_url to the address of the API.';
  }
  if (isAccountExhausted(failure)) return '\nRaise the limit or add credit; waiting does not help.';
  if (status === 401) {
    return '\nSet api_key of the provider, or OPENAI_API_KEY, to a key of the project the objects are in. Keys of the Administration API (sk-admin-…) do not reach vector stores.';
  }
  return '';
}

const isRedirect = (status: number): boolean => status >= 300 && status <= 399;

function errorOf(body: unknown): { message: string; code: string } {
  const error: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : undefined;
  if (typeof error !== 'object' || error === null) return { message: '', code: '' };
  const [message, code]: unknown[] = [Reflect.get(error, 'message'), Reflect.get(error, 'code')];
  return { message: typeof message === 'string' ? message : '', code: typeof code === 'string' ? code : '' };
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
