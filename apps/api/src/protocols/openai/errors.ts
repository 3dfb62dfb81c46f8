import { brokenJson, WireError } from '@espejo/contracts/openai';
import { AppError, ERROR_TABLE, type ErrorCode } from '@espejo/core';
import { UpstreamError } from '@espejo/upstream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { toRunFailure } from '../../services/sync/run-failure.ts';

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  /** Whether the same request may succeed later; the SDKs try 409, 429 and 5xx again unless told otherwise. */
  readonly isRetryable: boolean;
  readonly details?: Readonly<Record<string, unknown>> | null;
}

/** Where the real API has no code of its own. */
const WITHOUT_CODE: ReadonlySet<ErrorCode> = new Set([
  'vector_store_not_found',
  'attachment_not_found',
  'file_not_found',
  'file_batch_not_found',
  'upload_not_found',
  'invalid_request',
]);

/** What of ours has another status here than on the console: one that the SDKs understand as what it means. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  vector_store_expired: 400,
  vector_store_trashed: 404,
  upstream_gone: 404,
  unknown_cursor: 400,
  upstream_rate_limited: 429,
};

const RETRY_AFTER_S = 1;
/** The SDKs wait no longer than this, whatever they are told: then they had better not try again. */
const RETRY_AFTER_MAX_S = 60;

/** Renders any failure as `{error: {message, type, param, code}}`. What is unknown is logged and says nothing of its inside. */
export function sendWireError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = toRefusal(error, request);
  const { status, message, type, param, code } = refusal;
  request.failure = error;
  // Kept open, the rest of a body nobody wants is read and dropped, and the client sees this answer.
  reply.removeHeader('connection');
  if (status >= 500) request.log.error({ err: error, code }, 'request failed');
  else request.log.info({ code, cause: error instanceof Error ? error.message : undefined }, 'request refused');
  const asked = refusal.details?.retryAfterS;
  const retryAfterS = typeof asked === 'number' ? asked : RETRY_AFTER_S;
  const isRetryable = refusal.isRetryable && retryAfterS <= RETRY_AFTER_MAX_S;
  if (!isRetryable && (status === 408 || status === 409 || status === 429 || status >= 500)) {
    reply.header('x-should-retry', 'false');
  }
  if (refusal.isRetryable && (status === 429 || status === 503)) reply.header('retry-after', String(retryAfterS));
  // As recorded: errors of /files carry their message a second time.
  const detail = /\/v1\/files(\/|\?|$)/.test(request.url) ? { detail: { message, code } } : {};
  const details = refusal.details == null ? {} : { details: refusal.details };
  void reply.status(status).send({ error: { message, type, param, code, ...details }, ...detail });
}

function toRefusal(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof WireError) {
    const { status, message, type, param, code } = error;
    return { status, message, type, param, code, isRetryable: false };
  }
  if (error instanceof UpstreamError) {
    const { code, message } = toRunFailure(error);
    return toRefusal(new AppError(code, message), request);
  }
  if (error instanceof AppError) return ofAppError(error);
  const code = error instanceof Error ? (error as Partial<FastifyError>).code : undefined;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return toRefusal(new WireError(413, 'The request body is too large.'), request);
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return toRefusal(brokenJson(), request);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return toRefusal(mediaTypeRefused(request), request);
    default:
      break;
  }
  const status = error instanceof Error ? (error as Partial<FastifyError>).statusCode : undefined;
  if (status === 400) return toRefusal(new WireError(400, 'The request could not be read.'), request);
  return {
    status: 500,
    message: `The server had an error while processing your request. The log has the details under request id ${request.id}.`,
    type: 'server_error',
    param: null,
    code: null,
    isRetryable: true,
  };
}

function mediaTypeRefused(request: FastifyRequest): WireError {
  return new WireError(
    415,
    `Unsupported content type: '${request.headers['content-type'] ?? ''}'. Send JSON, or multipart/form-data where files go.`,
  );
}

function ofAppError({ code, message, details }: AppError): Refusal {
  const { status: ownStatus, isRetryable } = ERROR_TABLE[code];
  const status = STATUS[code] ?? ownStatus;
  const param = details?.param;
  return {
    status,
    message,
    type: code === 'rate_limit_exceeded' ? rateType(details) : typeOf(status),
    param: typeof param === 'string' ? param : null,
    code: code === 'unauthorized' ? 'invalid_api_key' : WITHOUT_CODE.has(code) ? null : code,
    isRetryable,
    details,
  };
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** The real API names what there was too much of. */
function rateType(details: AppError['details']): string {
  return details?.limit === 'ingestedTokensPerDayMax' ? 'tokens' : 'requests';
}
