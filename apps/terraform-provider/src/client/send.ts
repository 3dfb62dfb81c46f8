import http from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';

/** One HTTP request. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | FormData | undefined;
  /** How long the whole answer may take. */
  readonly timeoutMs: number;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Pick<Headers, 'get'>;
  readonly text: string;
}

/**
 * Sends one request and reads the whole answer, whatever its status. Follows no redirect, which would send the key to
 * another server. Rejects with a `TimeoutError` after `timeoutMs`, and with the signal's reason when that is aborted.
 */
export type Send = (request: Outgoing, signal: AbortSignal) => Promise<Incoming>;

/** Sends with a `fetch`. */
export function sendByFetch(send: typeof fetch): Send {
  return async ({ method, url, headers, body, timeoutMs }, signal) => {
    const response = await send(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      redirect: 'manual',
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}

/** Idle connections are closed before servers and gateways usually close them. */
const IDLE_MS = 4_000;

/**
 * Sends over persistent connections, through the proxy of the environment if NODE_USE_ENV_PROXY is set.
 * Requests use `node:http`, because a run of Terraform is short and `fetch` takes three times the processor time until it
 * is warm; uploads use `fetch`, which encodes forms.
 */
export function createSend(env: Readonly<Record<string, string | undefined>>): Send {
  const agentOptions = {
    keepAlive: true,
    timeout: IDLE_MS,
    ...(env.NODE_USE_ENV_PROXY === '1' && { proxyEnv: { ...env } }),
  };
  let plain: http.Agent | undefined;
  let secure: https.Agent | undefined;
  const upload = sendByFetch((url, init) => fetch(url, init));
  return (request, signal) => {
    const { body } = request;
    if (typeof body === 'object') return upload(request, signal);
    const isSecure = request.url.startsWith('https:');
    if (isSecure) secure ??= new https.Agent(agentOptions);
    else plain ??= new http.Agent(agentOptions);
    return isSecure
      ? exchange(https.request, { ...request, body }, secure, signal)
      : exchange(http.request, { ...request, body }, plain, signal);
  };
}

function exchange(
  open: typeof http.request,
  { method, url, headers, body, timeoutMs }: Outgoing & { readonly body: string | undefined },
  agent: http.Agent | undefined,
  signal: AbortSignal,
): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = open(url, { method, agent, headers: { 'accept-encoding': 'gzip', ...headers, ...length } });
    const fail = (cause: unknown): void => {
      clearTimeout(timer);
      leave();
      reject(cause);
      outgoing.destroy();
    };
    const timer = setTimeout(() => fail(new DOMException('No answer in time.', 'TimeoutError')), timeoutMs);
    const leave = whenAborted(signal, () => fail(signal.reason));
    outgoing.on('error', fail);
    outgoing.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('error', fail);
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        clearTimeout(timer);
        leave();
        textOf(Buffer.concat(chunks), answer.headers['content-encoding']).then(
          (text) => resolve({ status: answer.statusCode ?? 0, headers: headersOf(answer), text }),
          reject,
        );
      });
    });
    outgoing.end(body);
  });
}

async function textOf(bytes: Buffer, encoding: string | undefined): Promise<string> {
  if (encoding !== 'gzip') return bytes.toString('utf8');
  const { gunzip } = await import('node:zlib');
  return (await promisify(gunzip)(bytes)).toString('utf8');
}

function headersOf({ headers }: http.IncomingMessage): Incoming['headers'] {
  return {
    get(name) {
      const value = headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : (value ?? null);
    },
  };
}

/** Callbacks of a signal with one listener for all, because dozens of requests share it. */
const callbacksOf = new WeakMap<AbortSignal, Set<() => void>>();

function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  const known = callbacksOf.get(signal);
  const callbacks = known ?? new Set();
  if (known === undefined) {
    callbacksOf.set(signal, callbacks);
    signal.addEventListener('abort', () => {
      for (const each of callbacks) each();
    });
  }
  callbacks.add(callback);
  return () => void callbacks.delete(callback);
}
