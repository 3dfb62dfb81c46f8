import type { JsonObject } from '@espejo/core';
import type OpenAI from 'openai';
import { APIConnectionTimeoutError } from 'openai';
import type { RequestFailure } from '../failures/failure.ts';
import type { Method } from './method.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { StatusError } from './sdk-client.ts';

export type Query = { readonly [name: string]: string | number };

export type Reply =
  | { readonly isOk: true; readonly status: number; readonly body: unknown; readonly headers: Headers }
  | { readonly isOk: false; readonly failure: RequestFailure };

export interface Exchange {
  readonly method: Method;
  readonly path: string;
  readonly query?: Query | undefined;
  /** Sent as JSON. */
  readonly body?: JsonObject | undefined;
  /** Sent as a form, instead of a body. */
  readonly form?: FormData | undefined;
}

export interface Transport {
  /**
   * One request, sent once. Resolves with the response or with how it failed; rejects only with the signal's reason.
   */
  send(request: Exchange, signal: AbortSignal | undefined): Promise<Reply>;
}

/** Kept for the log, which cuts it again after redaction: a cut here must not leave half of a secret. */
const CAUSE_TEXT_MAX = 4_096;

/**
 * One request over the SDK, with a time-out for the whole: the SDK's own limit stops at the headers of an error
 * response.
 */
export function createTransport(clients: Readonly<Record<Method, OpenAI>>, timeoutMs: number): Transport {
  return {
    async send(request, signal) {
      signal?.throwIfAborted();
      const controller = new AbortController();
      let isTimedOut = false;
      const timer = setTimeout(() => {
        isTimedOut = true;
        controller.abort();
      }, timeoutMs);
      const onAbort = () => controller.abort();
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return await Promise.race([
          exchange(clients[request.method], request, controller.signal),
          abortOf(controller.signal),
        ]);
      } catch (error) {
        signal?.throwIfAborted();
        return { isOk: false, failure: isTimedOut ? { type: 'timeout' } : failureOf(error) };
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}

/** Rejects when the signal aborts, so that a caller does not wait for the SDK. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function exchange(client: OpenAI, request: Exchange, signal: AbortSignal): Promise<Reply> {
  const response = await begin(client, request, signal).asResponse();
  const { status, headers } = response;
  let text: string;
  try {
    text = await readBody(response);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof BodyTooLarge) return { isOk: false, failure: { type: 'too_large', status } };
    return { isOk: false, failure: { type: 'body', status, reason: 'its answer was cut short', cause } };
  }
  try {
    return { isOk: true, status, body: JSON.parse(text), headers };
  } catch {
    const reason = text.trimStart().startsWith('<') ? 'it sent a web page' : 'its answer is not complete JSON';
    return { isOk: false, failure: { type: 'body', status, reason, cause: text.slice(0, CAUSE_TEXT_MAX) } };
  }
}

function begin(client: OpenAI, { method, path, query, body, form }: Exchange, signal: AbortSignal) {
  switch (method) {
    case 'GET':
      return client.get(path, { query, signal });
    case 'DELETE':
      return client.delete(path, { signal });
    case 'SEARCH':
    case 'PUBLISH':
      return client.post(path, { body: form ?? body, signal });
  }
}

function failureOf(error: unknown): RequestFailure {
  if (error instanceof StatusError) {
    return { type: 'status', status: error.httpStatus, headers: error.httpHeaders, body: error.body };
  }
  if (error instanceof APIConnectionTimeoutError) return { type: 'timeout' };
  return { type: 'connection', code: errorCodeOf(error), cause: error };
}

/** The first system error code (`ECONNREFUSED`) in a chain of causes. */
function errorCodeOf(error: unknown): string | null {
  let current = error;
  for (let depth = 0; depth < 6 && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(current.code)) {
      return current.code;
    }
    current = current.cause;
  }
  return null;
}
