import { LIMITS } from '@espejo/contracts';
import { AppError } from '@espejo/core';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { createEventLoopThrottle } from './event-loop-throttle.ts';
import { collectMetrics } from './metrics/collect-metrics.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createQuotaMetrics, readQuotaLevels } from './metrics/quota-metrics.ts';
import { openApiOptions } from './openapi/console-options.ts';
import { CONSOLE_DOCUMENT_PATH, serveOpenApiDocuments, WIRE_DOCUMENT_PATH } from './openapi/serve-documents.ts';
import { sendClientError, sendError } from './protocols/console/errors.ts';
import { consoleProtocol, PREFIX } from './protocols/console/index.ts';
import type { AuthSettings } from './protocols/http/authenticate.ts';
import { authorizeRequest } from './protocols/http/authorize-request.ts';
import { sendWireError } from './protocols/openai/errors.ts';
import { OPENAI_PREFIX, openAiProtocol } from './protocols/openai/index.ts';
import { callerRequestIdOf, newRequestId } from './request-id.ts';
import { HSTS, SECURITY_HEADERS, toReferencePolicy } from './security-headers.ts';
import type { Services } from './services/services.ts';
import { createCachedCheck } from './telemetry/cached-check.ts';
import { requestLogger } from './telemetry/create-logger.ts';
import type { Readiness } from './telemetry/readiness.ts';
import { scopeRequests } from './telemetry/request-scope.ts';

/** A request must arrive within this time, body included. */
const REQUEST_TIMEOUT_MS = 300_000;
/** A turn of the event loop that has started requests for this long starts no more. */
const TURN_MS = 8;
/** Readiness is checked at most once in this time, as anybody may request it at any rate. */
const READINESS_TTL_MS = 1_000;
/** Health and metrics probes bypass the throttle. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** The documents of the reference page. */
const REFERENCES = [
  { name: 'Console API (/api)', url: CONSOLE_DOCUMENT_PATH },
  { name: 'OpenAI protocol (/v1)', url: WIRE_DOCUMENT_PATH },
];

/** The HTTP server: health, metrics, the OpenAPI documents, and one scope per protocol. */
export async function createApp(options: {
  services: Services;
  auth: AuthSettings;
  logger: FastifyBaseLogger;
  /** Origins whose pages may call `/v1` with a key; default: none. */
  corsOrigins?: readonly string[];
}): Promise<FastifyInstance> {
  const { services, auth, logger, corsOrigins = [] } = options;
  const app = fastify({
    loggerInstance: logger,
    bodyLimit: LIMITS.jsonBodyBytesMax,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (parent, bindings, options) => requestLogger(parent, bindings, options),
    requestIdHeader: false,
    genReqId: newRequestId,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: LIMITS.idMax },
    frameworkErrors: (error, request, reply) =>
      request.url.startsWith(`${OPENAI_PREFIX}/`)
        ? sendWireError(error, request, reply)
        : sendError(error, request, reply),
    clientErrorHandler: (error, socket) => sendClientError(logger, error, socket),
    // While closing, requests in progress and on open connections are still answered: the database closes last.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) =>
    sendError(
      new AppError('route_not_found', 'Not found. The console API is at /api, its reference at /api/docs.'),
      request,
      reply,
    ),
  );
  scopeRequests(app);
  app.decorateRequest('failure');
  const throttle = createEventLoopThrottle({
    nowMs: () => performance.now(),
    nextTurn: setImmediate,
    turnMs: TURN_MS,
  });
  app.addHook('onRequest', async (request) => {
    if (!PROBES.has(request.url)) await throttle();
  });
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onSend', async (request, reply) => {
    // A kept-alive connection would delay the stop until its client closes it.
    if (isClosing) reply.header('connection', 'close');
    reply.header('x-request-id', request.id);
    for (const [name, value] of Object.entries({ ...SECURITY_HEADERS, 'cache-control': 'no-store' })) {
      reply.header(name, reply.getHeader(name) ?? value);
    }
    const isSecure = services.accounts.publicHost !== null || request.visitor?.browser.isSecure;
    if (isSecure) reply.header('strict-transport-security', HSTS);
  });
  const metrics = createMetrics(() => collectMetrics(services), services.timings);
  const quotaMetrics = createQuotaMetrics(() => readQuotaLevels(services));
  app.addHook('onResponse', async (request, reply) => {
    const { url, schema } = request.routeOptions;
    const operation = schema?.operationId ?? url;
    const { method } = request;
    const [status, durationMs] = [reply.statusCode, Math.round(reply.elapsedTime * 10) / 10];
    const callerRequestId = callerRequestIdOf(request.headers);
    request.log.info({ operation, method, status, durationMs, callerRequestId }, 'request');
    services.refusals.record(request.failure);
    metrics.observeRequest({
      protocol: protocolOf(url),
      operation: operation ?? 'none',
      method: url === undefined ? 'any' : method,
      status,
      durationMs: reply.elapsedTime,
    });
  });

  const { publicHost } = services.accounts;
  const { version } = services;
  await app.register(swagger, openApiOptions({ version, publicHost }));
  // The page loads only from this server: no validator badge, and a policy that blocks other hosts.
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: true,
    transformStaticCSP: toReferencePolicy,
    uiConfig: { validatorUrl: null, urls: REFERENCES },
  });
  await app.register(consoleProtocol, { prefix: PREFIX, services, auth });
  await app.register(openAiProtocol, { prefix: OPENAI_PREFIX, services, auth, corsOrigins });
  serveOpenApiDocuments(app, { version, publicHost });

  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    const { principal } = await authorizeRequest(request, { services, auth }, { action: 'read', isUnmetered: true });
    // An owner of the first tenant, by a session or a key that may be limited to `read`, which is enough for a scraper.
    const isOperator = principal.tenantId === services.tenantId && principal.role === 'owner' && !principal.storeIds;
    if (!isOperator) {
      throw new AppError(
        'operator_required',
        'Metrics cover all tenants. Use ESPEJO_API_KEY, or a key of the default tenant with the role owner, limited to "read" if it is for a scraper.',
      );
    }
    const { contentType, text } = await metrics.scrape();
    return reply.type(contentType).send(text + (await quotaMetrics.scrape()));
  });
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  const isReadyBy = ({ checks }: Readiness) => Object.values(checks).every((state) => state === 'ok');
  const readiness = createCachedCheck(services.readiness, {
    ttlMs: READINESS_TTL_MS,
    nowMs: () => performance.now(),
    isWell: isReadyBy,
  });
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const found = await readiness();
    const { checks, degraded } = found;
    const isReady = isReadyBy(found);
    const status = !isReady ? 'not_ready' : Object.keys(degraded).length > 0 ? 'degraded' : 'ready';
    return reply.status(isReady ? 200 : 503).send({ status, checks, degraded });
  });
  return app;
}

function protocolOf(url: string | undefined): 'console' | 'openai' | 'other' {
  if (url?.startsWith(`${PREFIX}/`)) return 'console';
  return url?.startsWith(`${OPENAI_PREFIX}/`) ? 'openai' : 'other';
}
