import { LIMITS } from '@espejo/contracts';
import { AppError } from '@espejo/core';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { createMetrics } from './metrics/metrics.ts';
import { createQuotaMetrics, readQuotaLevels } from './metrics/quota-metrics.ts';
import { readLevels } from './metrics/read-levels.ts';
import { openApiOptions } from './openapi.ts';
import { admit } from './protocols/console/admit.ts';
import type { AuthSettings } from './protocols/console/authenticate.ts';
import { sendClientError, sendError } from './protocols/console/errors.ts';
import { consoleProtocol, PREFIX } from './protocols/console/index.ts';
import { OPENAI_PREFIX, openAiProtocol } from './protocols/openai/index.ts';
import { requestIdOf } from './request-id.ts';
import { HSTS, SECURITY_HEADERS, toReferencePolicy } from './security-headers.ts';
import { requestLogger } from './telemetry/create-logger.ts';
import { scopeRequests } from './telemetry/request-scope.ts';
import { createTurnstile } from './turnstile.ts';
import type { Services } from './wire.ts';

/** A request arrives within this time, body included, or not at all. */
const REQUEST_TIMEOUT_MS = 300_000;
/** A turn of the event loop in which requests have begun for so long begins no more of them. */
const TURN_MS = 8;
/** Whoever watches the server does not stand in its queue. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** The HTTP server: health, metrics, the OpenAPI document, and one scope a protocol. */
export async function createApp(options: {
  services: Services;
  auth: AuthSettings;
  logger: FastifyBaseLogger;
}): Promise<FastifyInstance> {
  const { services, auth, logger } = options;
  const app = fastify({
    loggerInstance: logger,
    bodyLimit: LIMITS.jsonBodyBytesMax,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (parent, bindings, options) => requestLogger(parent, bindings, options),
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(request.headers),
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: LIMITS.idMax },
    frameworkErrors: sendError,
    clientErrorHandler: (error, socket) => sendClientError(logger, error, socket),
    // While it closes, requests in hand and on open connections are still answered: the database goes last.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) =>
    sendError(
      new AppError('route_not_found', 'There is nothing here. The console API is at /api, its reference at /api/docs.'),
      request,
      reply,
    ),
  );
  scopeRequests(app);
  app.decorateRequest('failure');
  const turnstile = createTurnstile({ nowMs: () => performance.now(), nextTurn: setImmediate, turnMs: TURN_MS });
  app.addHook('onRequest', async (request) => {
    if (!PROBES.has(request.url)) await turnstile();
  });
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onSend', async (request, reply) => {
    // Kept open after its answer, a connection would hold up the stop until its client lets go of it.
    if (isClosing) reply.header('connection', 'close');
    reply.header('x-request-id', request.id);
    for (const [name, value] of Object.entries({ ...SECURITY_HEADERS, 'cache-control': 'no-store' })) {
      reply.header(name, reply.getHeader(name) ?? value);
    }
    const isSecure = services.accounts.publicHost !== null || request.visitor?.browser.isSecure;
    if (isSecure) reply.header('strict-transport-security', HSTS);
  });
  const metrics = createMetrics(() => readLevels(services), services.timings);
  const quotaMetrics = createQuotaMetrics(() => readQuotaLevels(services));
  app.addHook('onResponse', async (request, reply) => {
    const { url, schema } = request.routeOptions;
    const operation = schema?.operationId ?? url;
    const { method } = request;
    const [status, durationMs] = [reply.statusCode, Math.round(reply.elapsedTime * 10) / 10];
    request.log.info({ operation, method, status, durationMs }, 'request');
    services.refusals.note(request.failure);
    metrics.observeRequest({
      protocol: protocolOf(url),
      operation: operation ?? 'none',
      method: url === undefined ? 'any' : method,
      status,
      durationMs: reply.elapsedTime,
    });
  });

  await app.register(swagger, openApiOptions(services.version));
  // The page asks nobody but this server: no validator's badge, and a policy that would stop it.
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: true,
    transformStaticCSP: toReferencePolicy,
    uiConfig: { validatorUrl: null },
  });
  await app.register(consoleProtocol, { prefix: PREFIX, services, auth });
  await app.register(openAiProtocol, { prefix: OPENAI_PREFIX, services, auth });
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());

  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    const { principal } = await admit(request, { services, auth }, { action: 'read', isUnmetered: true });
    if (principal.tenantId !== services.tenantId)
      throw new AppError(
        'scope_insufficient',
        'The metrics are of every tenant. Ask with a key of the default tenant.',
      );
    const { contentType, text } = await metrics.scrape();
    return reply.type(contentType).send(text + (await quotaMetrics.scrape()));
  });
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const { checks, degraded } = await services.readiness();
    const isReady = Object.values(checks).every((state) => state === 'ok');
    const status = !isReady ? 'not_ready' : Object.keys(degraded).length > 0 ? 'degraded' : 'ready';
    return reply.status(isReady ? 200 : 503).send({ status, checks, degraded });
  });
  return app;
}

function protocolOf(url: string | undefined): 'console' | 'openai' | 'other' {
  if (url?.startsWith(`${PREFIX}/`)) return 'console';
  return url?.startsWith(`${OPENAI_PREFIX}/`) ? 'openai' : 'other';
}
