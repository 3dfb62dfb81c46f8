import { LIMITS } from '@espejo/contracts';
import { OpenAiError, WIRE_ROUTES, type WireContract } from '@espejo/contracts/openai';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../../services/services.ts';
import type { AuthSettings } from '../http/authenticate.ts';
import { authorizeRequest } from '../http/authorize-request.ts';
import { refuseEncoding } from '../http/refuse-encoding.ts';
import { allowOrigin } from './cors.ts';
import { countJsonValues } from './count-json-values.ts';
import { OPENAI_VERSION, sendWireError } from './errors.ts';
import { WIRE_HANDLERS } from './routes.ts';

/** The prefix of this protocol. */
export const OPENAI_PREFIX = '/v1';

type AnyHandler = (call: never) => Promise<unknown>;

const ALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const URL_SHOWN_MAX = 200;

/**
 * The `/v1` protocol of the official OpenAI SDKs, for both kinds of store. Headers without a meaning here
 * (`OpenAI-Beta`, `X-Stainless-*`, organization and project) are accepted and ignored.
 */
export async function openAiProtocol(
  app: FastifyInstance,
  options: { services: Services; auth: AuthSettings; corsOrigins: readonly string[] },
): Promise<void> {
  const { services } = options;
  app.setErrorHandler(sendWireError);
  app.setNotFoundHandler((request, reply) => sendWireError(unknownUrl(request), request, reply));
  acceptBodies(app);
  app.decorateRequest('admission');
  app.decorateRequest('visitor');
  app.addHook('onRequest', async (request, reply) => {
    reply.header('openai-version', OPENAI_VERSION);
    if (allowOrigin(request, reply, options)) return reply;
    refuseEncoding(request);
    const { needed } = request.routeOptions.config;
    // The SDKs send a key whether one is needed or not.
    request.admission = await authorizeRequest(
      request,
      { ...options, isKeyOptional: true },
      needed ?? { action: 'any' },
    );
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
      const { action, isNarrowed = false, isGrowing = false, bodyBytesMax = LIMITS.jsonBodyBytesMax } = contract;
      const storeParam = url.includes('/:storeId') ? { storeParam: 'storeId' } : {};
      app.route({
        method,
        url,
        // Every GET answers HEAD too.
        exposeHeadRoute: method === 'GET',
        config: { needed: { action, isNarrowed, isGrowing, ...storeParam } },
        schema: { hide: true },
        bodyLimit: bodyBytesMax,
        handler: async (request, reply) => {
          const { principal, by } = request.admission;
          const call = {
            services,
            tenantId: principal.tenantId,
            principal,
            by,
            params: request.params as Record<string, string>,
            query: new URLSearchParams(request.url.split('?')[1] ?? ''),
            // A missing body is an empty object; `null` is rejected like any other non-object.
            body: request.body === undefined ? {} : request.body,
            request,
            reply,
            closing: closing.signal,
          };
          // The proof is for the action of the contract, which is the action of the handler's type.
          return handler(call as never);
        },
      });
    }
    app.route({
      method: ALL_METHODS.filter((method) => !Object.hasOwn(contracts, method === 'HEAD' ? 'GET' : method)),
      url,
      schema: { hide: true },
      onRequest: async (request, reply) => {
        const allowed = Object.keys(contracts).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
        reply.header('allow', allowed.join(', '));
        throw new OpenAiError(
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
    const text = String(body);
    if (text.length === 0) done(null, undefined);
    // Parsing and validating block the event loop in proportion to the number of values.
    else if (countJsonValues(text, LIMITS.wireBodyValuesMax) > LIMITS.wireBodyValuesMax) done(tooManyValues());
    else void parse(request, text, done);
  });
  app.addContentTypeParser('multipart/form-data', { bodyLimit: Number.MAX_SAFE_INTEGER }, (_request, _body, done) =>
    done(null),
  );
}

function tooManyValues(): OpenAiError {
  return new OpenAiError(
    413,
    `The JSON of this request has more than ${LIMITS.wireBodyValuesMax} values. Send it in several requests.`,
    { code: 'body_too_large' },
  );
}

function unknownUrl(request: FastifyRequest): OpenAiError {
  return new OpenAiError(404, `Invalid URL (${request.method} ${pathOf(request)})`);
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '').slice(0, URL_SHOWN_MAX);
}
