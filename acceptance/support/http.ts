import { ErrorBody } from '@espejo/contracts';
import { expect } from 'vitest';

export interface RequestOptions {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent unchanged. */
  readonly body?: string | Uint8Array | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The bearer token; null sends none. */
  readonly key?: string | null | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is not JSON. */
  readonly json: unknown;
}

/** Sends one request and reads the whole answer. */
export async function send(url: string, method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { json, key } = options;
  const body = json === undefined ? options.body : JSON.stringify(json);
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(key == null ? {} : { authorization: `Bearer ${key}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

/** What no answer may contain: stack traces, SQL and internal paths. */
const INSIDES = /\bat \S+ \(|\.ts:\d|node_modules|\/src\/|sqlite|\bselect\b.+\bfrom\b|constraint failed|FST_ERR|zod/i;

/** Asserts that an answer has the error format with this status and code, and no internal details. */
export function expectError(answer: Answer, status: number, code: string): string {
  const error = expectErrorShape(answer, status, code);
  expect(Object.keys(error).sort()).toEqual(['code', 'message', 'requestId']);
  return error.message;
}

/** The same for an error with details; returns them. */
export function expectErrorDetails(answer: Answer, status: number, code: string): Record<string, unknown> {
  const error = expectErrorShape(answer, status, code);
  expect(Object.keys(error).sort()).toEqual(['code', 'details', 'message', 'requestId']);
  return error.details ?? {};
}

function expectErrorShape(answer: Answer, status: number, code: string): ErrorBody['error'] {
  expect({ status: answer.status, body: answer.json }).toMatchObject({ status, body: { error: { code } } });
  const body = ErrorBody.strict().parse(answer.json);
  expect(answer.headers.get('x-request-id')).toBe(body.error.requestId);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(body.error.message).toMatch(/\S.*\S/);
  expect(answer.text).not.toMatch(INSIDES);
  return body.error;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Asserts the status of an answer, and shows its text otherwise. */
export function expectStatus(answer: Answer, status: number): void {
  expect({ status: answer.status, text: answer.status === status ? '' : answer.text }).toEqual({ status, text: '' });
}
