import { CONSOLE_ROUTES, type ConsoleOperation, isAboutOneStore, LIMITS, type RouteContract } from '@espejo/contracts';
import { AppError } from '@espejo/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { errorsOf } from '../../openapi/errors-of.ts';
import { assertEditable } from '../../services/lookup/assert-editable.ts';
import { findVectorStore } from '../../services/lookup/find-vector-store.ts';
import type { Services } from '../../services/services.ts';
import type { AuthSettings } from '../http/authenticate.ts';
import { authorizeRequest } from '../http/authorize-request.ts';
import { refuseEncoding } from '../http/refuse-encoding.ts';
import { requireStoreAccess } from '../http/require-store-access.ts';
import { auditExportRoute } from './audit-export-route.ts';
import { sendError } from './errors.ts';
import { registerEventRoutes } from './event-routes.ts';
import { createConsoleHandlers } from './handlers.ts';
import { oidcRoutes } from './oidc-routes.ts';
import { ERROR_RESPONSE, securityOf, successResponse } from './openapi-responses.ts';
import type { RequestContext } from './request-context.ts';
import { uploadRoute } from './upload-route.ts';

/** The prefix of this protocol; its own errors answer everything below it. */
export const PREFIX = '/api';

/** The methods that a client may try on a path that has others. */
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

/** Routes by which an operator can raise a rate limit that is too low: they are not rate limited. */
const UNMETERED: ReadonlySet<ConsoleOperation> = new Set(['listPlans', 'updatePlan', 'getTenantPlan', 'putTenantPlan']);

/** Routes that return only the shape of the API. */
const OPEN_PATHS = /^\/api\/(openapi\.json|docs(\/|$))/;

/** The `/api` protocol: every route of the contract table, with its authentication and errors. */
export async function consoleProtocol(
  app: FastifyInstance,
  options: { services: Services; auth: AuthSettings },
): Promise<void> {
  const { services } = options;
  const handlers = createConsoleHandlers(services) as Record<ConsoleOperation, (input: unknown) => Promise<unknown>>;

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
  app.decorateRequest('admission');
  app.decorateRequest('visitor');
  app.addHook('onRequest', async (request) => {
    refuseEncoding(request);
    if (OPEN_PATHS.test(pathOf(request))) return;
    // An unknown path is answered only after authentication.
    request.admission = await authorizeRequest(
      request,
      options,
      request.routeOptions.config.needed ?? { action: 'any' },
    );
  });

  for (const operation of Object.keys(CONSOLE_ROUTES) as ConsoleOperation[]) {
    const contract: RouteContract = CONSOLE_ROUTES[operation];
    app.route({
      method: contract.method,
      url: contract.path.slice(PREFIX.length),
      bodyLimit: LIMITS.jsonBodyBytesMax,
      config: {
        needed: {
          action: contract.action,
          ...(isAboutOneStore(contract) && { storeParam: 'id' }),
          ...(contract.isNarrowed && { isNarrowed: true }),
          ...(contract.isForOperators && { isForOperators: true }),
          ...(contract.isGrowing && { isGrowing: true }),
          ...(UNMETERED.has(operation) && { isUnmetered: true }),
        },
      },
      schema: {
        operationId: operation,
        summary: contract.summary,
        description: contract.description,
        tags: [contract.tag],
        security: securityOf(contract),
        ...(contract.params && { params: contract.params }),
        ...(contract.query && { querystring: contract.query }),
        ...(contract.body && { body: contract.body }),
        response: { [contract.status]: successResponse(contract), default: ERROR_RESPONSE },
        'x-errors': errorsOf(contract),
      },
      preValidation: async (request) => {
        // A missing body means an empty object: every default.
        if (contract.body !== undefined) request.body ??= {};
        if (!EDITS.has(operation)) return;
        // A mirror is answered as read-only whatever the edit is, so this is checked before the body is validated.
        const { tenantId } = request.admission.principal;
        assertEditable(await findVectorStore(services, tenantId, requireStoreAccess(request)));
      },
      handler: async (request, reply) => {
        const { params, query, body } = request;
        const { principal, by } = request.admission;
        if (isAboutOneStore(contract)) requireStoreAccess(request);
        const { tenantId } = principal;
        const visit: RequestContext = {
          visitor: request.visitor,
          setCookies: (cookies) => void reply.header('set-cookie', cookies),
        };
        const result = await handlers[operation]({ tenantId, principal, by, visit, params, query, body });
        reply.status(contract.status);
        return contract.status === 204 ? reply.send() : result;
      },
    });
  }

  refuseOtherMethods(app);

  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const stillAdmit = async (request: FastifyRequest) => {
    const needed = request.routeOptions.config.needed ?? { action: 'any' };
    // One request, however often its permission is checked.
    await authorizeRequest(request, options, { ...needed, isUnmetered: true });
  };
  registerEventRoutes(app, { services, closing: closing.signal, stillAdmit });
  await app.register(auditExportRoute, { services });
  await app.register(uploadRoute, { services });
  await app.register(oidcRoutes, { services });
}

/**
 * JSON is the only body type. An empty body is no body: some clients send Content-Type: application/json with methods
 * that have none.
 */
function acceptJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, String(body), done);
  });
}

/** A known path with a method it does not have: 405 with the allowed ones. */
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
