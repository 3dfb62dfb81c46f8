import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { isForwardingHeader, type RequestFacts } from '@espejo/core';

/**
 * The console's server and the route handlers that Next bundles are separate copies of this module in one process, so
 * shared state is kept on the global object.
 */
const KEY = Symbol.for('espejo.request-facts');
const shared = globalThis as { [KEY]?: AsyncLocalStorage<RequestFacts> };
const current = shared[KEY] ?? new AsyncLocalStorage<RequestFacts>();
shared[KEY] = current;

/** Runs the handling of a request; `currentFacts` returns its facts meanwhile. */
export function runWithFacts<T>(facts: RequestFacts, answer: () => T): T {
  return current.run(facts, answer);
}

/** The facts of the current request; undefined when Next was started without the console's server. */
export function currentFacts(): RequestFacts | undefined {
  return current.getStore();
}

/** Reads the facts of an incoming request. */
export function readFacts(request: IncomingMessage): RequestFacts {
  const { headers, socket } = request;
  const hosts = request.headersDistinct.host ?? [];
  const forwarding = Object.entries(headers)
    .filter(([name]) => isForwardingHeader(name))
    .map(([name, value]) => [name, String(value)] as const);
  return {
    method: request.method ?? 'GET',
    peer: socket.remoteAddress ?? null,
    isTls: 'encrypted' in socket && socket.encrypted === true,
    host: hosts.length === 1 ? (hosts[0] ?? null) : null,
    origin: headers.origin ?? null,
    fetchSite: headerText(headers['sec-fetch-site']),
    hasBearer: /^Bearer +\S+$/i.test(headers.authorization ?? ''),
    forwarding: Object.fromEntries(forwarding),
  };
}

function headerText(value: string | string[] | undefined): string | null {
  return value === undefined ? null : String(value);
}
