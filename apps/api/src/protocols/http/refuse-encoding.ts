import { AppError } from '@espejo/core';
import type { FastifyRequest } from 'fastify';

const SHOWN_MAX = 64;

/** Bodies are read as they are. Throws `unsupported_media_type` for one that says it is compressed. */
export function refuseEncoding({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new AppError(
    'unsupported_media_type',
    `A body in the encoding '${encoding.slice(0, SHOWN_MAX)}' is not read. Send it as it is, without Content-Encoding.`,
  );
}
