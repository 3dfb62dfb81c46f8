import { createPacer, type RequestFailure, retryWaitMs } from '@espejo/upstream/pacing';
import { explainFailure } from './explain-failure.ts';
import type { HttpRequest } from './http-error.ts';
import type { Send } from './send.ts';

export interface HttpOptions {
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly organization: string | null;
  readonly project: string | null;
  readonly userAgent: string;
  readonly concurrencyMax: number;
  readonly requestTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly send: Send;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly nowMs: () => number;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** The request may or may not have taken effect: the connection broke, or the server failed, after it was sent. */
export class AnswerLost extends Error {
  readonly failure: RequestFailure;

  constructor(failure: RequestFailure) {
    super('The answer to a request was lost.');
    this.failure = failure;
  }
}

type Outcome = RequestFailure | { readonly type: 'ok'; readonly json: Json };

export type Json = Readonly<Record<string, unknown>>;

export interface HttpClient {
  request(request: HttpRequest): Promise<Json>;
  /** The server's clock, from its last answer. */
  serverNowS(): number;
  readonly baseUrl: string;
}

const RETRY_POLICY = { retryMax: 6, backoffMs: 500 };
/** A 429 is always retried after its delay. */
const RETRY_POLICY_OF_429 = { retryMax: 60, backoffMs: 1_000 };

/** One server. A 429 to any of its requests delays all of them. */
export function createHttpClient(options: HttpOptions): HttpClient {
  const { signal } = options;
  const pacer = createPacer(options.concurrencyMax, options.sleep);
  let clockOffsetMs = 0;

  const headers = {
    accept: 'application/json',
    'user-agent': options.userAgent,
    ...(options.apiKey !== null && { authorization: `Bearer ${options.apiKey}` }),
    ...(options.organization !== null && { 'openai-organization': options.organization }),
    ...(options.project !== null && { 'openai-project': options.project }),
  };
  const headersWithJson = { ...headers, 'content-type': 'application/json' };

  async function send(request: HttpRequest): Promise<Outcome> {
    const body = request.json === undefined ? await request.form?.() : JSON.stringify(request.json);
    const startedMs = options.nowMs();
    try {
      const answer = await options.send(
        {
          method: request.method,
          url: request.path.startsWith('http') ? request.path : `${options.baseUrl}${request.path}`,
          headers: request.json === undefined ? headers : headersWithJson,
          body,
          timeoutMs: options.requestTimeoutMs,
        },
        signal,
      );
      const { status, text } = answer;
      options.log(`${request.method} ${request.path}`, {
        status,
        tookMs: Math.round(options.nowMs() - startedMs),
        requestId: answer.headers.get('x-request-id') ?? undefined,
      });
      const serverMs = Date.parse(answer.headers.get('date') ?? '');
      if (!Number.isNaN(serverMs)) clockOffsetMs = serverMs - options.nowMs();
      const parsed = parse(text);
      if (status < 200 || status > 299)
        return { type: 'status', status, headers: answer.headers, body: parsed ?? text };
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
        return { type: 'ok', json: parsed as Json };
      if (text === '' && status === 204) return { type: 'ok', json: {} };
      return { type: 'body', status, reason: 'The answer is not a JSON object.', cause: null };
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof Error && cause.name === 'TimeoutError') return { type: 'timeout' };
      return { type: 'connection', code: codeOf(cause), cause };
    }
  }

  return {
    baseUrl: options.baseUrl,
    serverNowS: () => Math.floor((options.nowMs() + clockOffsetMs) / 1000),
    async request(request) {
      for (let retryCount = 0; ; retryCount += 1) {
        const ticket = await pacer.acquire({ isInteractive: false, isRetry: retryCount > 0, signal });
        let result: Outcome;
        try {
          result = await send(request);
        } catch (cause) {
          pacer.release(ticket, false);
          throw cause;
        }
        if (result.type === 'ok') {
          pacer.release(ticket, true);
          return result.json;
        }
        const is429 = result.type === 'status' && result.status === 429;
        const waitMs = retryWaitMs(result, is429 ? RETRY_POLICY_OF_429 : RETRY_POLICY, {
          retryCount,
          random: options.random(),
          nowMs: options.nowMs(),
        });
        if (is429 && waitMs !== null) {
          pacer.releaseRateLimited(ticket, waitMs);
          continue;
        }
        pacer.release(ticket, result.type === 'status');
        if (request.isRepeatable === false && isUncertain(result)) throw new AnswerLost(result);
        if (waitMs === null) throw explainFailure(result, request, options.baseUrl);
        await options.sleep(waitMs);
        signal.throwIfAborted();
      }
    },
  };
}

/** Whether the request may have taken effect. Without a connection it has not. */
function isUncertain(failure: RequestFailure): boolean {
  if (failure.type === 'status') return failure.status >= 500 || failure.status === 408;
  return !(failure.type === 'connection' && failure.code !== null && NEVER_SENT.has(failure.code));
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ERR_INVALID_URL',
]);

function codeOf(cause: unknown): string | null {
  for (let error = cause; error instanceof Error; error = error.cause) {
    const code: unknown = Reflect.get(error, 'code');
    if (typeof code === 'string') return code;
  }
  return null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
