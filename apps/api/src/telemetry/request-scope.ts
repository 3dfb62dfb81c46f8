import { type Context, context, propagation, ROOT_CONTEXT, type Span, SpanStatusCode } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { openScope, startRequestSpan } from './spans.ts';

interface RequestScope {
  readonly scope: Context;
  readonly span: Span;
}

/**
 * Gives each request a scope: log lines during it have its id, and its span continues the trace of the caller
 * (`traceparent`). Registered before every other hook.
 */
export function scopeRequests(app: FastifyInstance): void {
  const scopes = new WeakMap<FastifyRequest, RequestScope>();

  function within<T>(request: FastifyRequest, work: () => T): T {
    const open = scopes.get(request);
    return open === undefined ? work() : context.with(open.scope, work);
  }

  app.addHook('onRequest', (request, _reply, done) => {
    const { url, schema } = request.routeOptions;
    const { method } = request;
    const parent = propagation.extract(ROOT_CONTEXT, request.headers);
    const fields = { reqId: request.id };
    const span = startRequestSpan(
      url === undefined ? method : `${method} ${url}`,
      {
        'http.request.method': method,
        ...(url !== undefined && { 'http.route': url }),
        ...(schema?.operationId !== undefined && { 'espejo.operation': schema.operationId }),
      },
      fields,
      parent,
    );
    scopes.set(request, { span, scope: openScope(fields, span, parent) });
    within(request, done);
  });
  app.addHook('onRequestAbort', (request, done) => {
    end(request, null);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    end(request, reply.statusCode);
    within(request, done);
  });

  function end(request: FastifyRequest, status: number | null): void {
    const span = scopes.get(request)?.span;
    if (status === null) span?.setAttribute('error.type', 'aborted');
    else span?.setAttribute('http.response.status_code', status);
    if (status !== null && status >= 500)
      span?.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  }
}
