import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isForwardingHeader, locateRequest, type RequestFacts } from '@espejo/core';
import { errorParts, refuseRequest } from '#lib/proxy/refusal.ts';
import { readFacts, runWithFacts } from '#lib/proxy/request-facts.ts';
import type { ProxySettings } from '#lib/proxy/settings.ts';

/**
 * Handles every request of the console: pages, assets and the proxied API. Checks Host and Origin before Next gets the
 * request, and keeps the facts of its connection for the handlers.
 */
export function createRequestListener(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  settings: () => ProxySettings,
): RequestListener {
  return (request, response) => {
    const facts = readFacts(request);
    const reach = settings();
    const refusal = refuseRequest(facts, reach);
    if (refusal !== null) {
      const { body, headers } = errorParts(refusal);
      // The rest of the body is not read.
      response.writeHead(refusal.status, { ...headers, 'content-type': 'application/json', connection: 'close' });
      response.end(request.method === 'HEAD' ? undefined : JSON.stringify(body));
      return;
    }
    tellNext(request, facts, reach);
    void runWithFacts(facts, () => answer(request, response)).catch((cause: unknown) => {
      console.error(cause);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

/** Next trusts these headers from any sender, so they are overwritten with the facts of the connection. */
function tellNext(request: IncomingMessage, facts: RequestFacts, reach: ProxySettings): void {
  const { headers } = request;
  for (const name of Object.keys(headers)) if (isForwardingHeader(name)) delete headers[name];
  const { address, host, scheme } = locateRequest(facts, reach);
  headers['x-forwarded-for'] = address ?? '';
  headers['x-forwarded-host'] = host ?? '';
  headers['x-forwarded-proto'] = scheme;
}
