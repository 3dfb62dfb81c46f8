import { malformed } from '../parse/malformed.ts';
import { UpstreamError } from '../port.ts';
import type { Method } from '../transport/method.ts';
import type { Subject } from '../transport/subject.ts';
import { errorFields, isAccountExhausted, isErrorEnvelope, type RequestFailure } from './failure.ts';
import { provesAbsence } from './not-found.ts';
import type { KeyLook } from './second-look.ts';

import { isAboutPermission, messageOf, missingScopesOf, toQuote } from './upstream-words.ts';

export interface FailureContext {
  /** Default GET. */
  readonly method?: Method | undefined;
  /** The permission that a rejected request needs is derived from it. */
  readonly path?: string | undefined;
  /** The result of a second check of the key; undefined: there was none. */
  readonly look?: KeyLook | undefined;
  readonly subject: Subject | null;
  readonly host: string;
  /** Redacted in every cause. */
  readonly secrets: readonly string[];
}

/**
 * Maps a failed request to the error that the port throws. Pure; the message never contains text from upstream, except
 * names of scopes. Text from upstream is in `words`, sanitised for quoting.
 */
export function toUpstreamError(failure: RequestFailure, context: FailureContext): UpstreamError {
  const cause = safeCause(failure, context.secrets);
  switch (failure.type) {
    case 'status':
      return fromStatus(failure, context, cause);
    case 'timeout':
      return new UpstreamError(
        'unavailable',
        `Upstream at ${context.host} did not answer in time. Try again later; if it stays so, check the network and the base URL of the connection.`,
        { cause },
      );
    case 'connection':
      return new UpstreamError(
        'unavailable',
        `Upstream at ${context.host} cannot be reached${failure.code === null ? '' : ` (${failure.code})`}. Check the base URL of the connection and the network.`,
        { cause },
      );
    case 'body':
      return malformed(failure.reason, { httpStatus: failure.status, cause });
    case 'too_large':
      return malformed('its answer is larger than any page', { httpStatus: failure.status, cause });
  }
}

function fromStatus(
  failure: Extract<RequestFailure, { type: 'status' }>,
  context: FailureContext,
  cause: Error,
): UpstreamError {
  const { status } = failure;
  const isDeletion = context.method === 'DELETE';
  const isWrite = isDeletion || context.method === 'PUBLISH';
  const details = {
    httpStatus: status,
    cause,
    words: toQuote(messageOf(failure.body), context.secrets),
    isSpoken: isErrorEnvelope(failure.body),
  };
  if (status === 401 || status === 403) return refusalOf(failure, context, details);
  if (status === 404) {
    if (context.subject !== null && provesAbsence(failure.body, context.subject.ids)) {
      return new UpstreamError('gone', `${context.subject.label} does not exist upstream any more.`, details);
    }
    return malformed('HTTP 404 that does not say which object is absent, as a wrong base URL gives', details);
  }
  if (status === 429) {
    return new UpstreamError(
      'rate_limited',
      isAccountExhausted(failure)
        ? 'The upstream account is out of credit or over its spending limit (HTTP 429). Add credit or raise the limit there; waiting does not help.'
        : 'Upstream is limiting the rate of requests (HTTP 429). Try again later; if it happens often, lower the concurrency of the connection.',
      details,
    );
  }
  if (status === 408 || status === 409 || status >= 500) {
    return new UpstreamError('unavailable', `Upstream failed (HTTP ${status}). Try again later.`, details);
  }
  if (status >= 300 && status < 400) {
    return malformed(
      `a redirect (HTTP ${status}), which is never followed. Enter the address it leads to as the base URL, if you trust it`,
      details,
    );
  }
  return malformed(`HTTP ${status} to a plain ${isDeletion ? 'deletion' : isWrite ? 'write' : 'read'}`, details);
}

/** The error for a rejected key or a rejected request: says no more than was observed. */
function refusalOf(
  { status, body }: Extract<RequestFailure, { type: 'status' }>,
  context: FailureContext,
  details: { readonly httpStatus: number; readonly cause: Error; readonly words: string | null },
): UpstreamError {
  const permission = permissionOf(context);
  const scopes = missingScopesOf(body);
  const cure = 'in the upstream project, or use another key.';
  if (scopes.length > 0) {
    const [noun, verb] = scopes.length === 1 ? ['scope', 'is'] : ['scopes', 'are'];
    return new UpstreamError(
      'forbidden',
      `The API key may not ${permission} (HTTP ${status}): upstream says that the ${noun} ${scopes.join(', ')} ${verb} missing. Give the key permission to ${permission} ${cure}`,
      details,
    );
  }
  if (status === 403 || isAboutPermission(body)) {
    const isTwice = context.look === 'works' ? ', twice, while the key works otherwise' : '';
    return new UpstreamError(
      'forbidden',
      `The API key may not ${permission} (HTTP ${status}${isTwice}). Give it permission to ${permission} ${cure}`,
      details,
    );
  }
  if (context.look === 'works') {
    return new UpstreamError(
      'unauthorized',
      `Upstream refused to let the API key ${permission}, twice (HTTP 401), but accepts the key otherwise. The key may lack permission to ${permission}: check it in the upstream project, or try again later.`,
      details,
    );
  }
  const again = context.look === 'refused' ? ', and refused it again in a second request' : '';
  return new UpstreamError(
    'unauthorized',
    `Upstream refused the API key (HTTP 401)${again}. Check the key of this connection, its organization and its project; if they are right, try again later.`,
    details,
  );
}

const RESOURCES: Readonly<Record<string, string>> = {
  files: 'files',
  uploads: 'files',
  vector_stores: 'vector stores',
  containers: 'containers',
  assistants: 'assistants',
  threads: 'threads',
};
const VERBS: Readonly<Record<Method, string>> = { GET: 'read', DELETE: 'delete', SEARCH: 'search', PUBLISH: 'write' };

/** The permission that a request needs: "read files". */
function permissionOf({ method = 'GET', path = '' }: FailureContext): string {
  const resource = RESOURCES[path.split('/').find((part) => part !== '') ?? ''];
  return `${VERBS[method]} ${resource ?? 'vector stores and files'}`;
}

const CAUSE_TEXT_MAX = 500;

/**
 * The failure for the log. Upstream's text is kept, shortened, with every secret redacted: some servers echo the key,
 * and a URL may hold a password.
 */
function safeCause(failure: RequestFailure, secrets: readonly string[]): Error {
  let text = describe(failure);
  for (const secret of secrets) {
    const escaped = JSON.stringify(secret).slice(1, -1);
    text = text.replaceAll(secret, '[secret]').replaceAll(escaped, '[secret]');
  }
  const cause = new Error(text.slice(0, CAUSE_TEXT_MAX));
  cause.name = 'UpstreamFailure';
  return cause;
}

function describe(failure: RequestFailure): string {
  switch (failure.type) {
    case 'status': {
      const { code } = errorFields(failure.body);
      const requestId = failure.headers.get('x-request-id') ?? 'none';
      return `HTTP ${failure.status}, code ${code || 'none'}, request id ${requestId}: ${printable(failure.body)}`;
    }
    case 'timeout':
      return 'timed out';
    case 'too_large':
      return `HTTP ${failure.status}, body beyond the limit`;
    case 'connection':
      return causeChain(failure.cause);
    case 'body':
      return `HTTP ${failure.status}, ${failure.reason}: ${causeChain(failure.cause)}`;
  }
}

function printable(body: unknown): string {
  if (typeof body === 'string') return body;
  try {
    return JSON.stringify(body);
  } catch {
    return 'a body too deep to print';
  }
}

function causeChain(error: unknown): string {
  const parts: string[] = [];
  let current = error;
  for (let depth = 0; depth < 6 && current instanceof Error; depth++) {
    parts.push(current.message);
    current = current.cause;
  }
  return parts.length > 0 ? parts.join(' <- ') : String(error);
}
