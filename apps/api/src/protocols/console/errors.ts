import { AppError, ERROR_TABLE, type ErrorCode } from '@espejo/core';
import { UpstreamError } from '@espejo/upstream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { toRunFailure } from '../../services/sync/run-failure.ts';

interface Rendered {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>> | null;
}

/** Fastify's own refusals in our words. */
const FASTIFY_CODES: Readonly<Record<string, Rendered>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body_too_large',
    message: 'The body is larger than the API takes. Send less at a time.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'invalid_json', message: 'The body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'invalid_json', message: 'The body is empty. Send a JSON object, {} at least.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    message: 'Send JSON, with Content-Type: application/json.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'invalid_request',
    message: 'The body does not have the length its header says.',
  },
};

/** Renders any failure as `{error: {code, message, requestId}}`. What is unknown is logged and says nothing of its inside. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { code, message, details } = render(error);
  const { status } = ERROR_TABLE[code];
  if (status >= 500) request.log.error({ err: error, code }, 'request failed');
  else request.log.info({ code, cause: error instanceof Error ? error.message : undefined }, 'request refused');
  if (code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="espejo"');
  if (code === 'database_busy') reply.header('retry-after', '1');
  void reply.status(status).send({ error: { code, message, requestId: request.id, ...(details && { details }) } });
}

function render(error: unknown): Rendered {
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
