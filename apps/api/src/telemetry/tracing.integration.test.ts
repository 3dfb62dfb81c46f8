import { readFileSync } from 'node:fs';
import { propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { serveApi } from '../testing/served-api.ts';
import { enableAsyncContext } from './async-context.ts';
import { JOB_NAMES } from './spans.ts';

const exporter = new InMemorySpanExporter();
beforeAll(() => {
  enableAsyncContext();
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
});
beforeEach(() => exporter.reset());

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLER = { traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01` };

/** The newest span of a name, and the names of its ancestors, nearest first. */
function find(name: string): { span: ReadableSpan; above: string[] } {
  const spans = exporter.getFinishedSpans();
  const span = spans.findLast((one) => one.name === name);
  if (span === undefined) throw new Error(`No span '${name}' in: ${spans.map((one) => one.name).join(', ')}`);
  const above: string[] = [];
  for (let id = span.parentSpanContext?.spanId; id !== undefined; ) {
    const parent = spans.find((one) => one.spanContext().spanId === id);
    if (parent === undefined) break;
    above.push(parent.name);
    id = parent.parentSpanContext?.spanId;
  }
  return { span, above };
}

const WAIT = { timeout: 600_000 };
const hasEnded = (name: string) =>
  vi.waitUntil(() => exporter.getFinishedSpans().some((span) => span.name === name), WAIT);

const storesOf = async (api: Awaited<ReturnType<typeof serveApi>>) =>
  ((await api.call('GET', '/v1/vector_stores?limit=100')) as { data: { id: string }[] }).data.map(({ id }) => id);

describe('a trace', () => {
  it('continues the caller’s, through a search of a mirror, to the request upstream', async () => {
    const api = await serveApi();
    const { id: runId } = (await api.call('POST', '/api/sync-runs', { connectionId: 'sandbox' }, CALLER)) as {
      id: string;
    };
    await hasEnded('sync.run');

    const request = find('POST /api/sync-runs').span;
    expect(request.kind).toBe(SpanKind.SERVER);
    expect(request.spanContext().traceId).toBe(TRACE_ID);
    const run = find('sync.run');
    expect(run.above, 'a run is the root of its own trace').toEqual([]);
    expect(run.span.spanContext().traceId).not.toBe(TRACE_ID);
    expect(run.span.links.map((link) => link.context.spanId)).toEqual([request.spanContext().spanId]);
    expect(run.span.attributes).toMatchObject({ 'espejo.run_id': runId, 'espejo.connection_id': 'sandbox' });
    expect(run.span.events.map((event) => event.name)).toContain('listing_stores');
    expect(find('GET /vector_stores').above).toEqual(['sync.run']);

    const [mirror = ''] = await storesOf(api);
    await api.call('POST', `/v1/vector_stores/${mirror}/search`, { query: 'refunds' }, CALLER);
    const { span, above } = find('POST /vector_stores/{id}/search');
    expect(above).toEqual(['POST /v1/vector_stores/:storeId/search']);
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.spanContext().traceId).toBe(TRACE_ID);
    expect(span.attributes).toMatchObject({
      'http.request.method': 'POST',
      'url.template': '/vector_stores/{id}/search',
      'http.response.status_code': 200,
      'espejo.upstream.request_id': expect.stringMatching(/./),
    });
  });

  it('shows create, attach, ingest, embed, search and delete of a primary store; never user data', async () => {
    const api = await serveApi();
    const store = (await api.call('POST', '/v1/vector_stores', { name: 'Payroll-name' })) as { id: string };
    expect(find('db.write').above).toEqual(['POST /v1/vector_stores']);
    const fileId = await api.upload('salaries-name.txt', 'Secret-text: what everybody earns.');
    expect(find('db.write').above, 'the body of an upload is read in its own scope').toEqual(['POST /v1/files']);
    await api.call('POST', `/v1/vector_stores/${store.id}/files`, { file_id: fileId });
    await hasEnded('ingestion.file');
    const job = find('ingestion.file').span;
    expect(job.attributes).toEqual({
      'espejo.tenant_id': 'default',
      'espejo.store_id': store.id,
      'espejo.file_id': fileId,
    });
    expect(job.links, 'no request caused the ingestion of this file').toEqual([]);
    for (const name of ['parse', 'chunk', 'embed', 'index.write']) expect(find(name).above).toEqual(['ingestion.file']);

    await api.call('POST', `/v1/vector_stores/${store.id}/search`, { query: 'Asked-for salaries' });
    for (const name of ['embed', 'index.search'])
      expect(find(name).above).toEqual(['POST /v1/vector_stores/:storeId/search']);
    expect(find('embed').span.attributes).toEqual({ 'espejo.texts': 1, 'espejo.purpose': 'query' });

    await api.call('DELETE', `/v1/vector_stores/${store.id}`);
    expect(find('DELETE /v1/vector_stores/:storeId').span.attributes).toMatchObject({
      'http.response.status_code': 200,
    });
    await api.call('GET', '/api/vector-stores/vs_nowhere?note=Written-in-url');

    const runbook = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
    const keys = exporter.getFinishedSpans().flatMap((one) => Object.keys(one.attributes));
    for (const key of new Set(keys)) expect(runbook).toContain(`\`${key}\``);
    const all = exporter.getFinishedSpans().map(({ name, attributes, events, links, status }) => {
      return { name, attributes, events, links, status };
    });
    expect(JSON.stringify(all)).not.toMatch(/-name|Secret-text|Asked-for|Written-in-url/);
  });

  it('begins with a request or a job: a worker’s housekeeping begins none', async () => {
    const api = await serveApi();
    const store = (await api.call('POST', '/v1/vector_stores', { name: 'Ours' })) as { id: string };
    const fileId = await api.upload('a.txt', 'One. Two. Three.');
    await api.call('POST', `/v1/vector_stores/${store.id}/files`, { file_id: fileId });
    await hasEnded('ingestion.file');
    await api.services.stop();
    const spans = exporter.getFinishedSpans();
    const ids = new Set(spans.map((one) => one.spanContext().spanId));
    const roots = spans.filter((one) => !ids.has(one.parentSpanContext?.spanId ?? ''));
    const isBeginning = ({ kind, name }: ReadableSpan) =>
      kind === SpanKind.SERVER || (JOB_NAMES as readonly string[]).includes(name);
    expect(roots.filter((one) => !isBeginning(one)).map((one) => one.name)).toEqual([]);
    expect(spans.length).toBeGreaterThan(roots.length);
  });

  it('names an error by its kind, without the message', async () => {
    const api = await serveApi({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OPENAI_API_KEY: 'sk-in-no-span' });
    await api.call('POST', '/api/connections/default/test', {});
    const { span } = find('GET /vector_stores');
    expect(span.attributes).toMatchObject({ 'error.type': 'connection' });
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(JSON.stringify(exporter.getFinishedSpans().map((one) => one.attributes))).not.toContain('sk-in-no-span');
  });

  it('is named in the log lines', async () => {
    const api = await serveApi();
    await api.call('POST', '/api/sync-runs', { connectionId: 'sandbox' }, CALLER);
    await vi.waitUntil(() => api.lines.some((line) => line.msg === 'sync ended'), WAIT);
    const { traceId, spanId } = find('sync.run').span.spanContext();
    expect(api.lines.find((line) => line.msg === 'sync ended')).toMatchObject({ traceId, spanId });
    expect(api.lines.find((line) => line.operation === 'startSyncRun')).toMatchObject({ traceId: TRACE_ID });
  });
});
