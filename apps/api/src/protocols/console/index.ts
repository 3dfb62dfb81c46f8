import { CONSOLE_ROUTES, type ConsoleOperation, ErrorBody, LIMITS, type RouteContract } from '@espejo/contracts';
import { AppError } from '@espejo/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Services } from '../../wire.ts';
import { type Actor, type AuthSettings, authenticate } from './authenticate.ts';
import { sendError } from './errors.ts';
import { registerEventRoutes } from './event-routes.ts';
import { createConsoleHandlers, refuseMirrorEdit } from './handlers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once authenticated. */
    actor: Actor;
  }
}

/** Where this protocol lives; its own errors answer everything below. */
export const PREFIX = '/api';

/** Parts of the API that tell nothing but its own shape. */
const OPEN_PATHS = /^\/api\/(openapi\.json|docs(\/|$))/;

/** The `/api` protocol: every route of the contract table, its own authentication, its own errors. */
export async function consoleProtocol(
  app: FastifyInstance,
  options: { services: Services; auth: AuthSettings },
): Promise<void> {
  const { services, auth } = options;
  const handlers = createConsoleHandlers(services) as Record<ConsoleOperation, (input: unknown) => Promise<unknown>>;
  const { tenantId } = services;

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) =>
    sendError(
      new AppError('route_not_found', `There is nothing at ${request.method} ${pathOf(request)}. See /api/docs.`),
      request,
      reply,
    ),
  );
  app.decorateRequest('actor', 'local');
  app.addHook('onRequest', async (request) => {
    if (!OPEN_PATHS.test(pathOf(request))) request.actor = authenticate(request, auth);
  });

  for (const operation of Object.keys(CONSOLE_ROUTES) as ConsoleOperation[]) {
    const contract: RouteContract = CONSOLE_ROUTES[operation];
    app.route({
      method: contract.method,
      url: contract.path.slice(PREFIX.length),
      bodyLimit: LIMITS.jsonBodyBytesMax,
      schema: {
        operationId: operation,
        summary: contract.summary,
        tags: [contract.tag],
        security: [{ bearer: [] }],
        ...(contract.params && { params: contract.params }),
        ...(contract.query && { querystring: contract.query }),
        ...(contract.body && { body: contract.body }),
        response: { [contract.status]: contract.response, default: ErrorBody },
      },
      ...(operation === 'updateVectorStore' && {
        preValidation: async (request: FastifyRequest) => {
          const { id } = request.params as { id: string };
          await refuseMirrorEdit(services, tenantId, id);
        },
      }),
      handler: async (request, reply) => {
        const { params, query, body } = request;
        const result = await handlers[operation]({ tenantId, actor: request.actor, params, query, body });
        reply.status(contract.status);
        return contract.status === 204 ? reply.send() : result;
      },
    });
  }

  registerEventRoutes(app, services);
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}
