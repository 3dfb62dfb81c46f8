import type { Database } from '@espejo/db';
import type { Embedder, VectorIndex } from '@espejo/retrieval';
import type { ObserveUpstream } from '@espejo/upstream';
import { SpanStatusCode } from '@opentelemetry/api';
import type { PrimaryOptions } from '../wire-primary.ts';
import { inSpan, type SpanAttributes, type SpanName, startClientSpan } from './spans.ts';
import type { Timings, WorkKind } from './timings.ts';

/** The recorder of durations, and the clock that measures them. */
export interface Observer {
  readonly timings: Timings;
  /** Monotonic, in ms. */
  readonly watchMs: () => number;
}

interface Piece {
  readonly span: SpanName;
  readonly kind: WorkKind;
  readonly attributes: SpanAttributes;
}

/** A database whose transactions are spans, including the wait for the writer. */
export function observeDatabase(db: Database, observer: Observer): Database {
  return {
    ...db,
    transaction: (work, options) =>
      observe(observer, { span: 'db.write', kind: 'db_write', attributes: {} }, () => db.transaction(work, options)),
  };
}

/** An index whose searches and changes are spans. */
export function observeIndex<I extends VectorIndex>(index: I, observer: Observer): I {
  const piece = (span: SpanName, kind: WorkKind, storeId: string, more: SpanAttributes = {}): Piece => ({
    span,
    kind,
    // The tenant, before the slash of a key, is on every span already.
    attributes: { 'espejo.store_id': storeId.slice(storeId.indexOf('/') + 1), ...more },
  });
  return {
    ...index,
    search: (storeId, query, signal) =>
      observe(observer, piece('index.search', 'index_search', storeId, { 'espejo.texts': query.texts.length }), () =>
        index.search(storeId, query, signal),
      ),
    upsertFile: (storeId, file) =>
      observe(
        observer,
        piece('index.write', 'index_write', storeId, {
          'espejo.file_id': file.fileId,
          'espejo.chunks': file.chunks.length,
        }),
        () => index.upsertFile(storeId, file),
      ),
    removeFile: (storeId, fileId) =>
      observe(observer, piece('index.remove', 'index_write', storeId, { 'espejo.file_id': fileId }), () =>
        index.removeFile(storeId, fileId),
      ),
    setAttributes: (storeId, fileId, attributes) =>
      observe(observer, piece('index.write', 'index_write', storeId, { 'espejo.file_id': fileId }), () =>
        index.setAttributes(storeId, fileId, attributes),
      ),
  };
}

/** A parser and a chunker whose work is spans. */
export function observeDerivation<P extends Pick<PrimaryOptions, 'parser' | 'chunk'>>(
  { parser, chunk }: P,
  observer: Observer,
): Pick<PrimaryOptions, 'parser' | 'chunk'> {
  return {
    parser: {
      ...(parser.variant !== undefined && { variant: parser.variant }),
      parse: (file, options) =>
        observe(observer, { span: 'parse', kind: 'parse', attributes: { 'espejo.size_bytes': file.sizeBytes } }, () =>
          parser.parse(file, options),
        ),
      close: () => parser.close(),
    },
    chunk: (document, strategy) =>
      observe(observer, { span: 'chunk', kind: 'chunk', attributes: {} }, () => chunk(document, strategy)),
  };
}

/** An embedder whose calls are spans; its requests to an endpoint are spans below. */
export function observeEmbedder(embedder: Embedder, observer: Observer): Embedder {
  return {
    model: embedder.model,
    embed: (texts, options) =>
      observe(
        observer,
        {
          span: 'embed',
          kind: options.purpose === 'query' ? 'embed_query' : 'embed_document',
          attributes: { 'espejo.texts': texts.length, 'espejo.purpose': options.purpose },
        },
        () => embedder.embed(texts, options),
      ),
  };
}

/** Creates a span for each request to a connection. Its route is a template, without ids or names. */
export function observeUpstream(
  connection: { readonly tenantId: string; readonly id: string },
  { timings, watchMs }: Observer,
): ObserveUpstream {
  return ({ verb, route, retryCount }) => {
    const startMs = watchMs();
    const span = startClientSpan(`${verb} ${route}`, {
      'http.request.method': verb,
      'url.template': route,
      ...(retryCount > 0 && { 'http.request.resend_count': retryCount }),
    });
    return ({ status, requestId, fault }) => {
      timings.observeUpstream(connection, status, (watchMs() - startMs) / 1000);
      if (status !== null) span.setAttribute('http.response.status_code', status);
      if (requestId !== null) span.setAttribute('espejo.upstream.request_id', requestId);
      const failure = fault ?? (status !== null && status >= 400 ? String(status) : null);
      if (failure !== null) span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    };
  };
}

/** The `fetch` of an embedding endpoint, with a span for each request. */
export function observeFetch(send: typeof fetch): typeof fetch {
  return async (url, init) => {
    const span = startClientSpan('POST /embeddings', { 'http.request.method': 'POST', 'url.template': '/embeddings' });
    try {
      const response = await send(url, init);
      span.setAttribute('http.response.status_code', response.status);
      const requestId = response.headers.get('x-request-id');
      if (requestId !== null) span.setAttribute('espejo.upstream.request_id', requestId);
      if (!response.ok)
        span.setAttribute('error.type', String(response.status)).setStatus({ code: SpanStatusCode.ERROR });
      return response;
    } catch (cause) {
      span.setAttribute('error.type', 'connection').setStatus({ code: SpanStatusCode.ERROR });
      throw cause;
    } finally {
      span.end();
    }
  };
}

async function observe<T>({ timings, watchMs }: Observer, piece: Piece, work: () => Promise<T>): Promise<T> {
  const startMs = watchMs();
  const end = (isOk: boolean) => timings.observeWork(piece.kind, isOk, (watchMs() - startMs) / 1000);
  try {
    const result = await inSpan(piece.span, piece.attributes, work);
    end(true);
    return result;
  } catch (cause) {
    end(false);
    throw cause;
  }
}
