import { AppError } from '@espejo/core';
import { UpstreamError } from '@espejo/upstream';
import {
  type Context,
  context,
  createContextKey,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/**
 * The work that has spans, besides requests, whose spans are named by method and route. The set is closed: no name or
 * attribute is derived from a text, so a trace has ids and counts, and no user data.
 */
export const SPAN_NAMES = [
  'parse',
  'chunk',
  'embed',
  'index.search',
  'index.write',
  'index.remove',
  'db.write',
] as const;
export type SpanName = (typeof SPAN_NAMES)[number];

/** Background work, however it was started: the root of its own trace. */
export const JOB_NAMES = [
  'sync.run',
  'deletion.turn',
  'transfer.turn',
  'ingestion.file',
  'reembedding',
  'expiry.pass',
] as const;
export type JobName = (typeof JOB_NAMES)[number];

/** The attributes of a span. */
export interface SpanAttributes {
  readonly 'http.request.method'?: string;
  readonly 'http.route'?: string;
  readonly 'http.response.status_code'?: number;
  readonly 'url.template'?: string;
  readonly 'http.request.resend_count'?: number;
  /** From the route table: `searchVectorStore`. */
  readonly 'espejo.operation'?: string;
  /** Upstream's id of Espejo's request. */
  readonly 'espejo.upstream.request_id'?: string;
  readonly 'espejo.texts'?: number;
  readonly 'espejo.chunks'?: number;
  readonly 'espejo.size_bytes'?: number;
  readonly 'espejo.purpose'?: 'document' | 'query';
  readonly 'espejo.store_id'?: string;
  readonly 'espejo.file_id'?: string;
  /** A stable code, or the class of the error; never its message. */
  readonly 'error.type'?: string;
}

/** The cause of a log line or a span. */
export interface ScopeFields {
  readonly reqId?: string;
  /** The request that started a job. */
  readonly startedBy?: string;
  readonly tenantId?: string;
  readonly runId?: string;
  readonly connectionId?: string;
  readonly deletionId?: string;
  readonly transferId?: string;
  readonly storeId?: string;
  readonly fileId?: string;
}

const ATTRIBUTE_OF: Readonly<Record<keyof ScopeFields, string>> = {
  reqId: 'espejo.request_id',
  startedBy: 'espejo.started_by',
  tenantId: 'espejo.tenant_id',
  runId: 'espejo.run_id',
  connectionId: 'espejo.connection_id',
  deletionId: 'espejo.deletion_id',
  transferId: 'espejo.transfer_id',
  storeId: 'espejo.store_id',
  fileId: 'espejo.file_id',
};

const FIELDS = createContextKey('espejo.fields');
// A no-op until tracing is started; the same tracer works from then on.
const tracer = trace.getTracer('espejo');

/** A new scope whose lines have these fields; `parent` has the trace of the caller. */
export function openScope(fields: ScopeFields, span: Span, parent: Context = ROOT_CONTEXT): Context {
  return trace.setSpan(parent.setValue(FIELDS, fields), span);
}

/** Starts the span of a request, in the trace of its caller. */
export function startRequestSpan(name: string, attributes: SpanAttributes, fields: ScopeFields, parent: Context): Span {
  return tracer.startSpan(
    name,
    { kind: SpanKind.SERVER, attributes: { ...attributes, ...attributesOf(fields) } },
    parent,
  );
}

/** Starts the span of an outgoing request, under the active one. The caller ends it. */
export function startClientSpan(name: string, attributes: SpanAttributes): Span {
  return tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: { ...attributes } });
}

/** Runs work within a span under the active one. Without an active one it is housekeeping, which is not traced. */
export async function inSpan<T>(name: SpanName, attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
  if (trace.getActiveSpan()?.isRecording() !== true) return work();
  const span = tracer.startSpan(name, { attributes: { ...attributes } });
  return ending(span, trace.setSpan(context.active(), span), work);
}

/**
 * Runs a job in its own scope: its lines have `fields`, its trace begins here. The request that started it is linked
 * and named; `isLinked: false` says that the active request did not cause it.
 */
export async function withJobSpan<T>(
  name: JobName,
  fields: ScopeFields,
  work: () => Promise<T>,
  { isLinked = true }: { readonly isLinked?: boolean } = {},
): Promise<T> {
  const starter = isLinked ? context.active() : ROOT_CONTEXT;
  const startedBy = fieldsOf(starter).reqId;
  const own: ScopeFields = startedBy === undefined ? fields : { ...fields, startedBy };
  const link = trace.getSpanContext(starter);
  const span = tracer.startSpan(
    name,
    { root: true, attributes: attributesOf(own), links: link === undefined ? [] : [{ context: link }] },
    ROOT_CONTEXT,
  );
  return ending(span, openScope(own, span), work);
}

/** Runs work that belongs to no request, whatever woke it: its log lines and spans name none. */
export function withoutContext<T>(work: () => T): T {
  return context.with(ROOT_CONTEXT, work);
}

/** Adds an event to the active span. */
export function noteEvent(name: string): void {
  trace.getActiveSpan()?.addEvent(name);
}

/** The fields of log lines here: their cause, and the span if there is one. */
export function scopeFields(): Record<string, unknown> {
  const active = context.active();
  const span = trace.getSpanContext(active);
  const isTraced = span !== undefined && trace.isSpanContextValid(span);
  return { ...fieldsOf(active), ...(isTraced && { traceId: span.traceId, spanId: span.spanId }) };
}

/** Marks a span as failed, with the kind of error only: messages may contain user data. */
function failSpan(span: Span, cause: unknown): void {
  span.setAttribute('error.type', typeOf(cause));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

async function ending<T>(span: Span, scope: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await context.with(scope, work);
  } catch (cause) {
    failSpan(span, cause);
    throw cause;
  } finally {
    span.end();
  }
}

function typeOf(cause: unknown): string {
  if (cause instanceof AppError) return cause.code;
  if (cause instanceof UpstreamError) return `upstream_${cause.kind}`;
  return cause instanceof Error ? cause.name : typeof cause;
}

function fieldsOf(scope: Context): ScopeFields {
  return (scope.getValue(FIELDS) as ScopeFields | undefined) ?? {};
}

function attributesOf(fields: ScopeFields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [ATTRIBUTE_OF[name as keyof ScopeFields], value]),
  );
}
