import { AppError } from '@espejo/core';
import type { FastifyRequest } from 'fastify';

const SHOWN_MAX = 64;

/** Compressed bodies are not supported. Throws `unsupported_media_type` for one. */
export function refuseEncoding({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new AppError(
    'unsupported_media_type',
    `A body with the encoding '${encoding.slice(0, SHOWN_MAX)}' is not supported. Send it without Content-Encoding.`,
  );
}
