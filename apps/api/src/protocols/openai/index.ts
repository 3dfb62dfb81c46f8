import { LIMITS } from '@espejo/contracts';
import { WIRE_ROUTES, type WireContract, WireError } from '@espejo/contracts/openai';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../../wire.ts';
import { admit } from '../console/admit.ts';
import type { AuthSettings } from '../console/authenticate.ts';
import { sendWireError } from './errors.ts';
import { WIRE_HANDLERS } from './routes.ts';

/** Where this protocol lives. */
export const OPENAI_PREFIX = '/v1';

type AnyHandler = (call: never) => Promise<unknown>;

const ALL_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const URL_SHOWN_MAX = 200;

/**
 * The `/v1` protocol: what the official OpenAI SDKs speak, for both kinds of store. Headers of theirs that say nothing
 * here (`OpenAI-Beta`, `X-Stainless-*`, organization and project) are accepted and ignored.
 */
export async function openAiProtocol(
  app: FastifyInstance,
  options: { services: Services; auth: AuthSettings },
): Promise<void> {
  const { services } = options;
  app.setErrorHandler(sendWireError);
  app.setNotFoundHandler((request, reply) => sendWireError(unknownUrl(request), request, reply));
  acceptBodies(app);
  app.decorateRequest('admission');
  app.decorateRequest('visitor');
  app.addHook('onRequest', async (request, reply) => {
    reply.header('openai-version', '2020-10-01');
    const { needed } = request.routeOptions.config;
    // The SDKs send a key whether one is needed or not.
    request.admission = await admit(request, { ...options, isKeyOptional: true }, needed ?? { action: 'any' });
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('openai-processing-ms', String(Math.max(1, Math.round(reply.elapsedTime))));
  });

  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const handlers: Readonly<Record<string, Partial<Record<string, AnyHandler>>>> = WIRE_HANDLERS;
  for (const [url, contracts] of Object.entries<Partial<Record<string, WireContract>>>(WIRE_ROUTES)) {
    for (const [method, contract] of Object.entries(contracts)) {
      const handler = handlers[url]?.[method];
      if (contract === undefined || handler === undefined) continue;
      const { action, isNarrowed = false } = contract;
      const storeParam = url.includes('/:storeId') ? { storeParam: 'storeId' } : {};
      app.route({
        method,
        url,
        exposeHeadRoute: false,
        config: { needed: { action, isNarrowed, ...storeParam } },
        schema: { hide: true },
        bodyLimit: LIMITS.wireBodyBytesMax,
        handler: async (request, reply) => {
          const { principal, by } = request.admission;
          const call = {
            services,
            tenantId: principal.tenantId,
            principal,
            by,
            params: request.params as Record<string, string>,
            query: new URLSearchParams(request.url.split('?')[1] ?? ''),
            body: request.body ?? {},
            request,
            reply,
            closing: closing.signal,
          };
          // The proof is for the act of the contract, which is the act of the handler's type.
          return handler(call as never);
        },
      });
    }
    app.route({
      method: ALL_METHODS.filter((method) => !Object.hasOwn(contracts, method)),
      url,
      schema: { hide: true },
      onRequest: async (request, reply) => {
        reply.header('allow', Object.keys(contracts).join(', '));
        throw new WireError(
          405,
          `Not allowed to ${request.method} on ${pathOf(request)}. (HINT: Perhaps you meant to use a different HTTP method?)`,
          { code: 'method_not_supported' },
        );
      },
      handler: async () => undefined,
    });
  }
}

/** JSON is read whole; a form stays a stream for its handler, so that a file is never held in memory. */
function acceptBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, String(body), done);
  });
  app.addContentTypeParser('multipart/form-data', { bodyLimit: Number.MAX_SAFE_INTEGER }, (_request, _body, done) =>
    done(null),
  );
}

function unknownUrl(request: FastifyRequest): WireError {
  return new WireError(404, `Invalid URL (${request.method} ${pathOf(request)})`);
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '').slice(0, URL_SHOWN_MAX);
}
