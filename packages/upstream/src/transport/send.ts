import type { JsonObject } from '@espejo/core';
import { isAccountExhausted, isErrorEnvelope, type RequestFailure } from '../failures/failure.ts';
import { type FailureContext, toUpstreamError } from '../failures/map-failure.ts';
import { decideAfterLook, needsSecondLook, toKeyLook } from '../failures/second-look.ts';
import { UpstreamError } from '../port.ts';
import type { Method } from './method.ts';
import { type ObserveUpstream, routeOf, type UpstreamCallEnd } from './observe.ts';
import type { Pacer } from './pacer.ts';
import { type RetryPolicy, retryWaitMs, waitMsAfter } from './retry.ts';
import type { Subject } from './subject.ts';
import type { Query, Reply, Transport } from './transport.ts';

export interface UpstreamRequest {
  /** Default GET. */
  readonly method?: Method | undefined;
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: JsonObject | undefined;
  readonly form?: FormData | undefined;
  /** Not idempotent: retried only after a response that says that nothing was done. */
  readonly isOnce?: boolean | undefined;
  readonly subject: Subject | null;
  readonly isInteractive: boolean;
  readonly signal: AbortSignal | undefined;
}

export interface Answer {
  readonly body: unknown;
  readonly headers: Headers;
}

export interface SenderOptions {
  readonly transport: Transport;
  readonly pacer: Pacer;
  readonly retry: RetryPolicy;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly now: () => number;
  readonly onRateLimited: () => void;
  readonly observe?: ObserveUpstream | undefined;
  readonly context: Omit<FailureContext, 'subject' | 'method' | 'path' | 'look'>;
}

/** An interactive call fails when a pause is longer than this, instead of waiting. */
const INTERACTIVE_PAUSE_MAX_MS = 5_000;
const INTERACTIVE_RETRY_MAX = 1;

/** The cheap read that checks a rejected key: one row of a list. */
const LOOK = { path: '/vector_stores', query: { limit: 1 }, subject: null } as const;

/**
 * Sends one logical request: paced, retried, aborted at once. After a 401 or 403 the key is checked with one cheap
 * read, and the request is sent once more when the key works. Throws `UpstreamError` or the signal's reason.
 */
export function createSender(options: SenderOptions): (request: UpstreamRequest) => Promise<Answer> {
  const { transport, pacer, sleep } = options;
  /** Whether the current pause was requested in OpenAI's form. */
  let isPauseSpoken = false;

  async function sendObserved(request: UpstreamRequest, retryCount: number): Promise<Reply> {
    const method = request.method ?? 'GET';
    const verb = method === 'GET' || method === 'DELETE' ? method : 'POST';
    const ended = options.observe?.({ verb, route: routeOf(request.path), retryCount });
    try {
      const reply = await transport.send({ ...request, method }, request.signal);
      ended?.(endOf(reply));
      return reply;
    } catch (cause) {
      ended?.({ status: null, requestId: null, fault: 'aborted' });
      throw cause;
    }
  }

  async function attempt(request: UpstreamRequest): Promise<Reply> {
    const { signal, isInteractive } = request;
    const retryMax = isInteractive ? Math.min(options.retry.retryMax, INTERACTIVE_RETRY_MAX) : options.retry.retryMax;
    const policy = { ...options.retry, retryMax };
    for (let retryCount = 0; ; retryCount++) {
      if (isInteractive && pacer.pauseMs > INTERACTIVE_PAUSE_MAX_MS) throw pausedError(pacer.pauseMs, isPauseSpoken);
      const ticket = await pacer.acquire({ isInteractive, isRetry: retryCount > 0, signal });
      let isHeld = true;
      try {
        const reply = await sendObserved(request, retryCount);
        if (reply.isOk) {
          isHeld = false;
          pacer.release(ticket, true);
          return reply;
        }
        const { failure } = reply;
        const inputs = { retryCount, random: options.random(), nowMs: options.now() };
        const isSettled = isStatus(failure, 429);
        const waitMs = request.isOnce === true && !isSettled ? null : retryWaitMs(failure, policy, inputs);
        if (isStatus(failure, 429)) {
          options.onRateLimited();
          isPauseSpoken = isErrorEnvelope(failure.body);
        }
        if (isStatus(failure, 429) && !isAccountExhausted(failure)) {
          // The pause delays this call's retry like every other call, so it needs no sleep of its own.
          isHeld = false;
          pacer.releaseRateLimited(ticket, waitMsAfter(failure, policy, inputs));
        } else if (waitMs !== null) {
          // The slot is kept while waiting, so that a failing upstream gets fewer requests.
          await sleep(waitMs, signal).catch((error: unknown) => {
            // A timer rejects with an error of its own, but the caller gets the signal's reason.
            signal?.throwIfAborted();
            throw error;
          });
        }
        if (waitMs === null) return reply;
      } finally {
        if (isHeld) pacer.release(ticket, false);
      }
    }
  }

  let looking: Promise<Reply> | undefined;
  /** Requests that are rejected at the same time share one check. */
  function lookAtKey({ isInteractive, signal }: UpstreamRequest): Promise<Reply> {
    looking ??= attempt({ ...LOOK, isInteractive, signal: undefined }).finally(() => {
      looking = undefined;
    });
    return signal === undefined ? looking : unlessAborted(looking, signal);
  }

  return async function send(request) {
    const contextOf = ({ method, path, subject }: UpstreamRequest) => ({ ...options.context, method, path, subject });
    const context = contextOf(request);
    const reply = await attempt(request);
    if (reply.isOk) return reply;
    if (!needsSecondLook(reply.failure)) throw toUpstreamError(reply.failure, context);
    const seen = await lookAtKey(request);
    const look = toKeyLook(seen.isOk ? null : seen.failure);
    switch (decideAfterLook(look)) {
      case 'send_again': {
        const again = await attempt(request);
        if (again.isOk) return again;
        throw toUpstreamError(again.failure, { ...context, look });
      }
      case 'refuse':
        throw toUpstreamError(reply.failure, { ...context, look });
      case 'report_look':
        // A check with another error says nothing about the key, so the rejection itself is reported.
        if (!seen.isOk && seen.failure.type === 'status' && !isPassing(seen.failure.status)) {
          throw toUpstreamError(reply.failure, context);
        }
        throw toUpstreamError(
          seen.isOk ? reply.failure : seen.failure,
          contextOf({ ...request, ...LOOK, method: 'GET' }),
        );
    }
  };
}

function isPassing(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function endOf(reply: Reply): UpstreamCallEnd {
  if (reply.isOk) return { status: reply.status, requestId: reply.headers.get('x-request-id'), fault: null };
  const { failure } = reply;
  if (failure.type === 'status')
    return { status: failure.status, requestId: failure.headers.get('x-request-id'), fault: null };
  return { status: 'status' in failure ? failure.status : null, requestId: null, fault: failure.type };
}

function isStatus(failure: RequestFailure, status: number): failure is Extract<RequestFailure, { type: 'status' }> {
  return failure.type === 'status' && failure.status === status;
}

function pausedError(pauseMs: number, isSpoken: boolean): UpstreamError {
  return new UpstreamError(
    'rate_limited',
    `Upstream asked to wait ${Math.ceil(pauseMs / 1000)} s before the next request (HTTP 429). Try again after that.`,
    { httpStatus: 429, isSpoken },
  );
}
