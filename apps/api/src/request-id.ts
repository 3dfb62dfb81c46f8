import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What is harmless in a log. */
const HARMLESS = /^[\w.-]{1,100}$/;

/**
 * The id of a request: always this server's own. It stands in the audit and leads to one place in the log, so no caller may
 * choose it, nor make two requests share it.
 */
export function newRequestId(): string {
  return `req_${randomUUID().replaceAll('-', '')}`;
}

/** The id a caller has for its request, for the log alone, so that its log and ours can be joined; undefined: no usable one. */
export function callerRequestIdOf(headers: IncomingHttpHeaders): string | undefined {
  const given = headers['x-request-id'];
  return typeof given === 'string' && HARMLESS.test(given) ? given : undefined;
}
