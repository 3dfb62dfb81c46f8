import { CONSOLE_ROUTES, type ConsoleOperation, LIMITS, type RouteContract, roleNeeded } from '@espejo/contracts';
import { AppError, type Role } from '@espejo/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { assertEditable } from '../../services/vector-stores/update-vector-store.ts';
import type { Services } from '../../wire.ts';
import { admit } from './admit.ts';
import { answerOf, REFUSAL } from './answers.ts';
import { auditExportRoute } from './audit-export-route.ts';
import type { AuthSettings } from './authenticate.ts';
import { sendError } from './errors.ts';
import { registerEventRoutes } from './event-routes.ts';
import { createConsoleHandlers } from './handlers.ts';
import { uploadRoute } from './upload-route.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, and in which role, once admitted. */
    actor: string;
    role: Role;
  }
  interface FastifyContextConfig {
    /** The least role that may do this. */
    role?: Role;
  }
}

/** Where this protocol lives; its own errors answer everything below. */
export const PREFIX = '/api';

/** What a person may try on a path that is there for another method. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const PATH_SHOWN_MAX = 200;

/** Edits of a store: the id in their path is the store's. */
const EDITS: ReadonlySet<ConsoleOperation> = new Set([
  'updateVectorStore',
  'attachFile',
  'updateFileAttributes',
  'detachFile',
  'retryIngestion',
]);

/** Parts of the API that tell nothing but its own shape. */
const OPEN_PATHS = /^\/api\/(openapi\.json|docs(\/|$))/;

/** The `/api` protocol: every route of the contract table, its own authentication, its own errors. */
export async function consoleProtocol(
  app: FastifyInstance,
  options: { services: Services; auth: AuthSettings },
): Promise<void> {
  const { services } = options;
  const handlers = createConsoleHandlers(services) as Record<ConsoleOperation, (input: unknown) => Promise<unknown>>;
  const { tenantId } = services;

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendError);
  acceptJsonOnly(app);
  app.setNotFoundHandler((request, reply) =>
    sendError(
      new AppError(
        'route_not_found',
        `There is nothing at ${request.method} ${pathOf(request).slice(0, PATH_SHOWN_MAX)}. See /api/docs.`,
      ),
      request,
      reply,
    ),
  );
  app.decorateRequest('actor', 'local');
  app.decorateRequest('role', 'viewer');
  app.addHook('onRequest', async (request) => {
    if (OPEN_PATHS.test(pathOf(request))) return;
    const { role } = request.routeOptions.config;
    const session = await admit(request, options, { needed: roleNeeded({ method: request.method, role }) });
    request.actor = session.actor;
    request.role = session.role;
  });

  for (const operation of Object.keys(CONSOLE_ROUTES) as ConsoleOperation[]) {
    const contract: RouteContract = CONSOLE_ROUTES[operation];
    app.route({
      method: contract.method,
      url: contract.path.slice(PREFIX.length),
      bodyLimit: LIMITS.jsonBodyBytesMax,
      ...(contract.role && { config: { role: contract.role } }),
      schema: {
        operationId: operation,
        summary: contract.summary,
        tags: [contract.tag],
        security: [{ bearer: [] }],
        ...(contract.params && { params: contract.params }),
        ...(contract.query && { querystring: contract.query }),
        ...(contract.body && { body: contract.body }),
        response: { [contract.status]: answerOf(contract), default: REFUSAL },
      },
      preValidation: async (request) => {
        // No body at all says what an empty object says: every default.
        if (contract.body !== undefined) request.body ??= {};
        if (!EDITS.has(operation)) return;
        // A mirror answers that it is read-only whatever the edit says, so this is asked before the edit is looked at.
        const { id } = request.params as { id: string };
        await assertEditable(services, tenantId, id);
      },
      handler: async (request, reply) => {
        const { actor, role, params, query, body } = request;
        const result = await handlers[operation]({ tenantId, actor, role, params, query, body });
        reply.status(contract.status);
        return contract.status === 204 ? reply.send() : result;
      },
    });
  }

  refuseOtherMethods(app);

  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  registerEventRoutes(app, services, closing.signal);
  await app.register(auditExportRoute, { services });
  await app.register(uploadRoute, { services });
}

/** JSON is the one body. An empty one is no body: clients that label every request as JSON send it with verbs that take none. */
function acceptJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, String(body), done);
  });
}

/** A path of the contract under a method it does not have: 405 with those it has. */
function refuseOtherMethods(app: FastifyInstance): void {
  const byPath = Map.groupBy(Object.values<RouteContract>(CONSOLE_ROUTES), (contract) => contract.path);
  for (const [path, contracts] of byPath) {
    const allowed = contracts.map((contract) => contract.method);
    app.route({
      method: METHODS.filter((method) => !(allowed as string[]).includes(method)),
      url: path.slice(PREFIX.length),
      schema: { hide: true },
      onRequest: async (request, reply) => {
        reply.header('allow', allowed.join(', '));
        throw new AppError(
          'method_not_allowed',
          `${request.method} is not possible here. Use ${allowed.join(' or ')}.`,
        );
      },
      handler: async () => undefined,
    });
  }
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}
