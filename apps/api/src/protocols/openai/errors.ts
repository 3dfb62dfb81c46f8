import { LIMITS } from '@espejo/contracts';
import { brokenJson, idNotFound, keyIncorrect, keyMissing, OpenAiError } from '@espejo/contracts/openai';
import { AppError, asDiskFull, ERROR_TABLE, type ErrorCode } from '@espejo/core';
import { UpstreamError } from '@espejo/upstream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { toRunFailure } from '../../services/sync/run/run-failure.ts';
import { bearerOf } from '../http/authenticate.ts';
import { ID_FORMS } from './ids.ts';

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  /** Whether the same request may succeed later; the SDKs retry 409, 429 and 5xx unless told otherwise. */
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

/** Codes of Espejo that are another code here: the one that clients branch on. */
const CODE: Partial<Record<ErrorCode, string>> = { embedding_model_not_found: 'model_not_found' };

/** Codes of Espejo with another status here than in the console API: the one that the SDKs understand. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  vector_store_expired: 400,
  vector_store_trashed: 404,
  upstream_gone: 404,
  unknown_cursor: 400,
  upstream_rate_limited: 429,
};

/** Messages of the real API. */
export const OPENAI_VERSION = '2020-10-01';

const RETRY_AFTER_S = 1;
/** The SDKs ignore a longer wait than this, so a retry is better prevented. */
const RETRY_AFTER_MAX_S = 60;

/**
 * Renders any error as `{error: {message, type, param, code}}`. An unknown error is logged and reveals no internals.
 */
export function sendWireError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = toRefusal(error, request);
  const { status, message, type, param, code } = refusal;
  request.failure = error;
  // An unknown route has not run the hooks of this protocol.
  reply.header('x-request-id', request.id).header('openai-version', OPENAI_VERSION);
  // Kept open, the rest of an unread body is read and discarded, and the client gets this response.
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
  // As recorded: errors of /files contain their message a second time.
  const detail = /\/v1\/files(\/|\?|$)/.test(request.url) ? { detail: { message, code } } : {};
  const details = refusal.details == null ? {} : { details: refusal.details };
  void reply.status(status).send({ error: { message, type, param, code, ...details }, ...detail });
}

function toRefusal(failure: unknown, request: FastifyRequest): Refusal {
  const error = asDiskFull(failure);
  if (error instanceof OpenAiError) {
    const { status, message, type, param, code } = error;
    return { status, message, type, param, code, isRetryable: false };
  }
  if (error instanceof UpstreamError) {
    const { code, message } = toRunFailure(error);
    return toRefusal(new AppError(code, message), request);
  }
  if (error instanceof AppError) {
    const own = ownWords(error, request);
    return own === undefined ? ofAppError(error) : { ...toRefusal(own, request), details: error.details };
  }
  const code = error instanceof Error ? (error as Partial<FastifyError>).code : undefined;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return toRefusal(new OpenAiError(413, 'The request body is too large.'), request);
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return toRefusal(brokenJson(), request);
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return toRefusal(new OpenAiError(400, `An id has ${LIMITS.idMax} characters at most.`), request);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return toRefusal(mediaTypeRefused(request), request);
    default:
      break;
  }
  const status = error instanceof Error ? (error as Partial<FastifyError>).statusCode : undefined;
  if (status === 400) return toRefusal(new OpenAiError(400, 'The request could not be read.'), request);
  return {
    status: 500,
    message: `The server had an error while processing your request. The log has the details under request id ${request.id}.`,
    type: 'server_error',
    param: null,
    code: null,
    isRetryable: true,
  };
}

/** Errors that the real API words differently from the console API. */
function ownWords(error: AppError, request: FastifyRequest): OpenAiError | undefined {
  if (error.code === 'unauthorized') {
    const key = bearerOf(request);
    return key === undefined
      ? keyMissing()
      : keyIncorrect(key, 'API keys are created in the console of this installation, in the settings.');
  }
  const form = Object.hasOwn(ID_FORMS, error.code) ? ID_FORMS[error.code as keyof typeof ID_FORMS] : undefined;
  const id = form === undefined ? undefined : (request.params as Record<string, string> | undefined)?.[form.inPath];
  if (form === undefined || id === undefined || id.startsWith(form.prefix)) return undefined;
  return idNotFound(new OpenAiError(404, error.message), { param: form.param, id, prefix: form.prefix });
}

function mediaTypeRefused(request: FastifyRequest): OpenAiError {
  return new OpenAiError(
    415,
    `Unsupported content type: '${request.headers['content-type'] ?? ''}'. Send JSON, or multipart/form-data with files.`,
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
    code:
      details?.reason === 'missing'
        ? 'missing_required_parameter'
        : WITHOUT_CODE.has(code)
          ? null
          : (CODE[code] ?? code),
    isRetryable,
    details,
  };
}

function typeOf(status: number): string {
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** The real API names the field that was too long. */
function rateType(details: AppError['details']): string {
  return details?.limit === 'ingestedTokensPerDayMax' ? 'tokens' : 'requests';
}
