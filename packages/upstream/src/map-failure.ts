import { errorFields, isAccountExhausted, type RequestFailure } from './failure.ts';
import { malformed } from './malformed.ts';
import { provesAbsence } from './not-found.ts';
import { UpstreamError } from './port.ts';
import type { Subject } from './subject.ts';
import type { Method } from './transport.ts';

export interface FailureContext {
  /** Default GET. */
  readonly method?: Method | undefined;
  readonly subject: Subject | null;
  readonly host: string;
  /** Never to be seen in a cause. */
  readonly secrets: readonly string[];
}

/** Maps how a request failed to the error that the port throws. Pure; the message never carries upstream's words. */
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
  const details = { httpStatus: status, cause };
  if (status === 401) {
    return new UpstreamError(
      'unauthorized',
      'Upstream refused the API key (HTTP 401). Enter a valid key for this connection, and check that its organization and project are right.',
      details,
    );
  }
  if (status === 403) {
    return new UpstreamError(
      'forbidden',
      isWrite
        ? `The API key may not ${isDeletion ? 'delete' : 'write'} this (HTTP 403). Give it permission to write vector stores and files in the upstream project, or use another key.`
        : 'The API key may not read this (HTTP 403). Give it permission to read vector stores and files in the upstream project, or use another key.',
      details,
    );
  }
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
  return malformed(`HTTP ${status} to a plain ${isDeletion ? 'deletion' : isWrite ? 'write' : 'read'}`, details);
}

const CAUSE_TEXT_MAX = 500;

/**
 * The failure for the log. Upstream's words are kept, shortened, but any secret in them is blotted out: some servers
 * echo the key, and a URL may hold a password.
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
