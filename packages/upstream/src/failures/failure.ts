/**
 * How one request failed, as plain data: the input of the retry decision and the error mapping. Nothing here is shown
 * to users.
 */
export type RequestFailure =
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers: Pick<Headers, 'get'>;
      /** The parsed body, or its text when it is not JSON. */
      readonly body: unknown;
    }
  | { readonly type: 'connection'; readonly code: string | null; readonly cause: unknown }
  | { readonly type: 'timeout' }
  /** The status was a success, but the body ended early or is not JSON. */
  | { readonly type: 'body'; readonly status: number; readonly reason: string; readonly cause: unknown }
  | { readonly type: 'too_large'; readonly status: number };

/** Codes of a response, usually a 429, that a retry cannot fix: a person has to pay or to raise a limit. */
const EXHAUSTED_CODES: ReadonlySet<string> = new Set([
  'insufficient_quota',
  'credit_balance_exhausted',
  'organization_usage_limit_exceeded',
]);

/** Whether the account is out of credit or over a spending limit, which no retry can fix. */
export function isAccountExhausted(failure: RequestFailure): boolean {
  if (failure.type !== 'status') return false;
  const { code, type } = errorFields(failure.body);
  return [code, type].some((word) => EXHAUSTED_CODES.has(word) || word.endsWith('_spend_limit_exceeded'));
}

/** `code` and `type` of OpenAI's error envelope; empty where the body has none. */
export function errorFields(body: unknown): { readonly code: string; readonly type: string } {
  const error = fieldOf(body, 'error');
  const code = fieldOf(error, 'code');
  const type = fieldOf(error, 'type');
  return { code: typeof code === 'string' ? code : '', type: typeof type === 'string' ? type : '' };
}

/** Whether a body is an error in OpenAI's form, which another server does not send by chance. */
export function isErrorEnvelope(body: unknown): boolean {
  return typeof fieldOf(fieldOf(body, 'error'), 'message') === 'string';
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
