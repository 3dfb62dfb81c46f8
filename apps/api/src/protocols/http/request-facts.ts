import { isForwardingHeader, listEntries, type RequestFacts } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import { bearerOf, isToken } from './authenticate.ts';

/** A request, and whether it came through this installation's console. */
export interface ReadFacts {
  readonly facts: RequestFacts;
  /** `console`: it shows the token the two share; `stranger`: it says it is the console's, and shows no such token. */
  readonly via: 'console' | 'stranger' | 'direct';
}

/** By this header the console vouches for what it says of a request; it lends no rights. */
const CONSOLE_HEADER = 'x-espejo-console';
/** What the console adds to after whatever was sent. */
const APPENDED = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'] as const;

/** Reads where a request came from: through the console, what that says of its own client; else the connection. */
export function readFacts(request: FastifyRequest, consoleToken: string | null): ReadFacts {
  const { headers, method } = request;
  const forwarding = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => isForwardingHeader(name))
      .map(([name, value]) => [name, String(value)]),
  );
  const hosts = request.raw.headersDistinct?.host ?? [headers.host];
  const hop: RequestFacts = {
    method,
    // A client that hung up while its request waited has no address any more, although the type says it has.
    peer: (request.ip as string | undefined) ?? null,
    isTls: request.protocol === 'https',
    host: hosts.length === 1 ? (headers.host ?? null) : null,
    origin: headers.origin ?? null,
    fetchSite: textOf(headers['sec-fetch-site']),
    hasBearer: bearerOf(request) !== undefined,
    forwarding,
  };
  const token = textOf(headers[CONSOLE_HEADER]);
  if (token === null) return { facts: hop, via: 'direct' };
  if (!isToken(token, consoleToken)) return { facts: hop, via: 'stranger' };
  return { facts: beforeConsole(hop), via: 'console' };
}

/** The request as the console got it: what it appended is the connection, what stands before that was sent along. */
function beforeConsole(hop: RequestFacts): RequestFacts {
  const forwarding: Record<string, string> = { ...hop.forwarding };
  const [peer, host, scheme] = APPENDED.map((name) => {
    const entries = listEntries(forwarding[name]);
    const own = entries.pop() ?? null;
    if (entries.length === 0) delete forwarding[name];
    else forwarding[name] = entries.join(', ');
    return own;
  });
  return { ...hop, peer: peer ?? null, host: host ?? null, isTls: scheme === 'https', forwarding };
}

function textOf(value: string | string[] | undefined): string | null {
  return value === undefined ? null : String(value);
}
