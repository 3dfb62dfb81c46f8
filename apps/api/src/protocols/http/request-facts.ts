import { isForwardingHeader, listEntries, type RequestFacts } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import { bearerOf, isToken } from './authenticate.ts';

/** Whether a request came through this installation's console. */
export interface ReadFacts {
  readonly facts: RequestFacts;
  /** `console`: it has the shared token; `stranger`: it claims to be the console's without the token. */
  readonly via: 'console' | 'stranger' | 'direct';
}

/** The header with the console's token, by which its statements about a request are trusted; it gives no permission. */
const CONSOLE_HEADER = 'x-espejo-console';
/** The headers that the console appends to. */
const APPENDED = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'] as const;

/** Reads the origin of a request: through the console, what that says about its client; else the connection. */
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
    // A client that disconnected while its request waited has no address any more, although the type says it has.
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

/** The request as the console received it: its own entry is the connection, earlier entries were sent by the client. */
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
