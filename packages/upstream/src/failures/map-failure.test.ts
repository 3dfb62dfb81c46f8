import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { attachmentSubject, fileSubject, storeSubject } from '../transport/subject.ts';
import type { RequestFailure } from './failure.ts';
import { type FailureContext, toUpstreamError } from './map-failure.ts';

const KEY = 'sk-very-secret';
const context: FailureContext = { subject: null, host: 'api.example.com', secrets: [KEY] };

function answer(status: number, error: object = {}): RequestFailure {
  const body = { error: { message: 'odd', type: 'invalid_request_error', param: null, code: null, ...error } };
  return { type: 'status', status, headers: new Headers({ 'x-request-id': 'req_1' }), body };
}

describe('toUpstreamError', () => {
  it.each<[number, string]>([
    [400, 'malformed'],
    [401, 'unauthorized'],
    [402, 'malformed'],
    [403, 'forbidden'],
    [404, 'malformed'],
    [405, 'malformed'],
    [408, 'unavailable'],
    [409, 'unavailable'],
    [410, 'malformed'],
    [422, 'malformed'],
    [429, 'rate_limited'],
    [451, 'malformed'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [529, 'unavailable'],
  ])('maps HTTP %i to %s and keeps the status', (status, kind) => {
    expect(toUpstreamError(answer(status), context)).toMatchObject({ kind, httpStatus: status });
  });

  it.each<[RequestFailure, string, string]>([
    [{ type: 'timeout' }, 'unavailable', 'in time'],
    [{ type: 'connection', code: 'ENOTFOUND', cause: new Error('x') }, 'unavailable', '(ENOTFOUND)'],
    [{ type: 'connection', code: null, cause: new Error('x') }, 'unavailable', 'cannot be reached. '],
    [{ type: 'body', status: 200, reason: 'it sent a web page', cause: '<' }, 'malformed', 'a web page'],
    [{ type: 'too_large', status: 200 }, 'malformed', 'larger'],
  ])('maps %j to %s', (failure, kind, words) => {
    const error = toUpstreamError(failure, context);
    expect(error).toMatchObject({ kind, httpStatus: 'status' in failure ? 200 : null });
    expect(error.message).toContain(words);
  });

  it('returns gone only for a subject whose absence the response proves', () => {
    const noStore = answer(404, { message: "No vector store found with id 'vs_1'." });
    const kindFor = (subject: FailureContext['subject']) => toUpstreamError(noStore, { ...context, subject }).kind;
    expect(kindFor(storeSubject('vs_1'))).toBe('gone');
    expect(kindFor(attachmentSubject('vs_1', 'file-1'))).toBe('gone');
    expect(kindFor(storeSubject('vs_2'))).toBe('malformed');
    expect(kindFor(fileSubject('file-1'))).toBe('malformed');
    expect(kindFor(null)).toBe('malformed');
  });

  it.each([400, 401, 403, 409, 410, 422, 429, 500])('never returns gone for HTTP %i', (status) => {
    const failure = answer(status, { message: "No vector store found with id 'vs_1'." });
    expect(toUpstreamError(failure, { ...context, subject: storeSubject('vs_1') }).kind).not.toBe('gone');
  });

  it.each<[string, number, FailureContext['method'], string, RegExp]>([
    [
      'read files',
      401,
      'GET',
      '/files',
      /may not read files \(HTTP 401\): upstream says that the scopes api\.files\.read, api\.files\.write are missing/,
    ],
    ['write files', 403, 'PUBLISH', '/uploads/upload_1/parts', /may not write files/],
    ['write stores', 403, 'PUBLISH', '/vector_stores/vs_1/files', /may not write vector stores/],
    ['delete stores', 403, 'DELETE', '/vector_stores/vs_1', /may not delete vector stores/],
    ['search', 403, 'SEARCH', '/vector_stores/vs_1/search', /may not search vector stores/],
  ])('names the permission and the scopes that are missing: %s', (_, status, method, path, words) => {
    const message =
      'You have insufficient permissions for this operation. Missing scopes: api.files.read, api.files.write. Check sk-1.';
    const error = toUpstreamError(answer(status, { message }), { ...context, method, path });
    expect(error.kind).toBe('forbidden');
    expect(error.message).toMatch(words);
  });

  it('maps a 401 that mentions permissions to a missing permission, not to a wrong key', () => {
    const message = 'You have insufficient permissions for this operation.';
    const error = toUpstreamError(answer(401, { message }), { ...context, path: '/files' });
    expect(error).toMatchObject({
      kind: 'forbidden',
      message: expect.stringMatching(/may not read files \(HTTP 401\)/),
    });
  });

  it('accepts as a scope only a valid name', () => {
    const message = 'Missing scopes: <b>bold</b>, sk-very-secret and more words.';
    expect(toUpstreamError(answer(401, { message }), context).message).not.toMatch(/bold|secret|words/);
  });

  it('keeps the text from upstream as one bounded line without keys', () => {
    const message = `Not   here:\n${KEY} sk-proj-abc***xyz Bearer abcdef \u0000\u202e ${'long '.repeat(200)}`;
    const { words } = toUpstreamError(answer(400, { message }), context);
    expect(words).toMatch(/^Not here: \[secret\] \[secret\] \[secret\] long long .*…$/);
    expect([...(words ?? '')].length).toBeLessThanOrEqual(300);
    expect(toUpstreamError(answer(400, { message: ' \n ' }), context).words).toBeNull();
  });

  it('distinguishes an exhausted account from a high rate', () => {
    expect(toUpstreamError(answer(429, { code: 'insufficient_quota' }), context).message).toContain('credit');
    expect(toUpstreamError(answer(429, { code: 'rate_limit_exceeded' }), context).message).toContain('rate');
  });

  it.each<RequestFailure>([
    answer(401, { message: `Incorrect API key provided: ${KEY}` }),
    { type: 'status', status: 500, headers: new Headers(), body: `<html>Authorization: Bearer ${KEY}</html>` },
    { type: 'connection', code: null, cause: new TypeError(`"Bearer ${KEY}" is an invalid header value`) },
    { type: 'body', status: 200, reason: 'it sent a web page', cause: `<p>${KEY}</p>` },
  ])('never shows the key, nor upstream words in the message', (failure) => {
    const error = toUpstreamError(failure, context);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(KEY);
    expect(error.message).not.toMatch(/Incorrect|Bearer|<|odd/);
    expect(inspect(error.cause)).toContain('[secret]');
  });

  it('recognises the key as it is and in its JSON form', () => {
    const secret = 'sk-"quoted"\\';
    const failures: RequestFailure[] = [
      answer(401, { message: `bad key ${secret}` }),
      { type: 'body', status: 200, reason: 'it sent a web page', cause: `<p>${secret}` },
    ];
    for (const failure of failures) {
      const error = toUpstreamError(failure, { ...context, secrets: [secret] });
      expect(inspect(error.cause)).not.toContain('quoted');
    }
  });

  it('maps a response that is nested too deep to print like any other', () => {
    const body: unknown = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    const failure: RequestFailure = { type: 'status', status: 500, headers: new Headers(), body };
    expect(toUpstreamError(failure, context).kind).toBe('unavailable');
  });

  it('keeps what the log needs in the cause, bounded: status, code, request id and text', () => {
    const { cause } = toUpstreamError(answer(400, { code: 'bad', message: 'x'.repeat(10_000) }), context);
    expect(cause).toBeInstanceOf(Error);
    const { message } = cause as Error;
    expect(message).toMatch(/^HTTP 400, code bad, request id req_1: /);
    expect(message.length).toBeLessThanOrEqual(500);
  });
});
