import type { Socket } from 'node:net';
import { LIMITS } from '@espejo/contracts';
import { AppError, asDiskFull, ERROR_TABLE, type ErrorCode } from '@espejo/core';
import { UpstreamError } from '@espejo/upstream';
import type { FastifyBaseLogger, FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { newRequestId } from '../../request-id.ts';
import { toRunFailure } from '../../services/sync/run/run-failure.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The error code, for the metrics. */
    failure: unknown;
  }
}

interface Rendered {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>> | null;
}

/** Espejo's texts for the errors that Fastify raises. */
const FASTIFY_CODES: Readonly<Record<string, Rendered>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body_too_large',
    message: 'The body is larger than the API accepts. Send less at a time.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'invalid_json', message: 'The body is not valid JSON.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    message: 'Send JSON, with Content-Type: application/json.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'invalid_request',
    message: 'The body does not have the length its header says.',
  },
  FST_ERR_BAD_URL: {
    code: 'invalid_request',
    message: 'The path is not a valid URL: a % in it stands for no character.',
  },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'invalid_request', message: `An id has ${LIMITS.idMax} characters at most.` },
};

/** Errors of requests that the HTTP parser rejected before any route. */
const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'The URL or the headers are longer than the API accepts.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive in time.',
};

/** Renders any error as `{error: {code, message, requestId}}`. An unknown error is logged and reveals no internals. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { code, message, details } = render(error);
  const { status } = ERROR_TABLE[code];
  request.failure = error;
  // Fastify closes the connection when it did not read the body, which resets it under a client that is still sending:
  // it would see a broken pipe and not this response. Kept open, the rest of the body is read and discarded.
  reply.removeHeader('connection');
  reply.header('x-request-id', request.id);
  if (status >= 500) request.log.error({ err: error, code }, 'request failed');
  else request.log.info({ code, cause: error instanceof Error ? error.message : undefined }, 'request refused');
  if (code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="espejo"');
  if (code === 'database_busy') reply.header('retry-after', '1');
  if (
    code === 'rate_limit_exceeded' ||
    code === 'sign_in_throttled' ||
    code === 'key_throttled' ||
    code === 'too_many_uploads'
  ) {
    reply.header('retry-after', String(details?.retryAfterS));
  }
  void reply.status(status).send({ error: { code, message, requestId: request.id, ...(details && { details }) } });
}

/**
 * Answers a request that was not valid HTTP, or too large, in the same form. The request is unknown, so the id is only
 * for the log.
 */
export function sendClientError(log: FastifyBaseLogger, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const message = CLIENT_ERRORS[error.code ?? ''] ?? 'The request is not valid HTTP.';
  const requestId = newRequestId();
  log.info({ reqId: requestId, code: 'invalid_request', cause: error.code }, 'request refused');
  const body = JSON.stringify({ error: { code: 'invalid_request', message, requestId } });
  socket.end(
    `HTTP/1.1 ${ERROR_TABLE.invalid_request.status} Bad Request\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `x-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function render(failure: unknown): Rendered {
  const error = asDiskFull(failure);
  if (error instanceof AppError) return error;
  if (error instanceof UpstreamError) return toRunFailure(error);
  if (hasZodFastifySchemaValidationErrors(error)) return { code: 'invalid_request', message: describeIssues(error) };
  const fastifyCode = error instanceof Error ? (error as Partial<FastifyError>).code : undefined;
  const known = fastifyCode === undefined ? undefined : FASTIFY_CODES[fastifyCode];
  if (known !== undefined) return known;
  const status = error instanceof Error ? (error as Partial<FastifyError>).statusCode : undefined;
  if (status === 400) return { code: 'invalid_request', message: 'The request could not be read.' };
  return {
    code: 'internal',
    message: 'Something went wrong in Espejo. The log has the details under this request id.',
  };
}

function describeIssues(error: {
  validation: { instancePath: string; message?: string }[];
  validationContext?: string;
}): string {
  const issues = error.validation.slice(0, 3).map((issue) => {
    const field = issue.instancePath.replace(/^\//, '').replaceAll('/', '.');
    return field === '' ? (issue.message ?? 'is not valid') : `${field}: ${issue.message ?? 'is not valid'}`;
  });
  const part =
    { querystring: 'query', params: 'path' }[error.validationContext ?? ''] ?? error.validationContext ?? 'request';
  return `The ${part} is not valid. ${issues.join('; ')}.`;
}
