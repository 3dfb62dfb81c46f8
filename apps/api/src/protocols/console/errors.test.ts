import { AppError, ERROR_TABLE, type ErrorCode } from '@espejo/core';
import { UpstreamError, type UpstreamErrorKind } from '@espejo/upstream';
import fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendError } from './errors.ts';

const SECRET = 'sk-do-not-tell /home/user/espejo.db select * from connection';

/** The response to a client, and the log entry, of an error. */
async function rendered(failure: unknown) {
  const lines: string[] = [];
  const app = fastify({
    logger: { level: 'info', stream: { write: (line) => void lines.push(line) } },
    genReqId: () => 'req_1',
  });
  onTestFinished(() => app.close());
  app.setErrorHandler(sendError);
  app.get('/', async () => {
    throw failure;
  });
  const response = await app.inject('/');
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    body: response.json(),
    log: lines.join(''),
  };
}

describe('every code of the error table', () => {
  it.each(Object.entries(ERROR_TABLE))(
    '%s is answered with its status, its message and the request id, and no more',
    async (code, { status }) => {
      const { body, headers, log, ...answer } = await rendered(
        new AppError(code as ErrorCode, 'What to do.', { cause: new Error(SECRET) }),
      );
      expect(answer.status).toBe(status);
      expect(body).toEqual({ error: { code, message: 'What to do.', requestId: 'req_1' } });
      expect(headers['x-request-id']).toBe('req_1');
      expect(answer.text).not.toContain('sk-');
      expect(log).toContain(code);
    },
  );
});

describe('an unexpected error', () => {
  it.each([
    ['an error', new TypeError(SECRET)],
    ['an error with a status of its own', Object.assign(new Error(SECRET), { statusCode: 418 })],
    ['an error with a code of its own', Object.assign(new Error(SECRET), { code: 'SQLITE_CORRUPT' })],
    ['a text', SECRET],
    ['an object', { message: SECRET, statusCode: 200 }],
    ['nothing', null],
  ])('%s reveals no internals to the client, and is logged', async (_, failure) => {
    const { status, text, body, log } = await rendered(failure);
    expect(status).toBe(500);
    expect(body).toEqual({
      error: { code: 'internal', message: expect.stringMatching(/request id/), requestId: 'req_1' },
    });
    expect(text).not.toMatch(/sk-|espejo\.db|select|SQLITE/);
    expect(log).toContain('"level":50');
  });
});

describe('an upstream error', () => {
  it.each<[UpstreamErrorKind, number]>([
    ['gone', 502],
    ['unauthorized', 502],
    ['forbidden', 502],
    ['malformed', 502],
    ['rate_limited', 503],
    ['unavailable', 503],
  ])('%s is answered with Espejo’s own message', async (kind, status) => {
    const answer = await rendered(new UpstreamError(kind, 'Do this.', { cause: new Error(SECRET) }));
    expect(answer.status).toBe(status);
    expect(answer.body.error).toEqual({ code: `upstream_${kind}`, message: 'Do this.', requestId: 'req_1' });
  });
});

describe('error responses', () => {
  it('have the headers for authentication and retry', async () => {
    expect((await rendered(new AppError('unauthorized', 'x'))).headers['www-authenticate']).toBe(
      'Bearer realm="espejo"',
    );
    expect((await rendered(new AppError('database_busy', 'x'))).headers['retry-after']).toBe('1');
    expect((await rendered(new AppError('internal', 'x'))).headers).not.toHaveProperty('retry-after');
  });
});
