import { setTimeout as delay } from 'node:timers/promises';
import type { Removal, UpstreamDeleter } from './deleter.ts';
import { findConfigFault } from './failures/config-fault.ts';
import { createOpenAiPublisher } from './openai-publisher.ts';
import { CursorRefused, type FetchedPage, listPages } from './paging/list-pages.ts';
import { readAhead } from './paging/read-ahead.ts';
import { malformed } from './parse/malformed.ts';
import { parseAttachment } from './parse/parse-attachment.ts';
import { isJsonObject } from './parse/parse-fields.ts';
import { parseFile } from './parse/parse-file.ts';
import { parsePage } from './parse/parse-page.ts';
import { parseFileText, parseSearch } from './parse/parse-search.ts';
import { parseStore } from './parse/parse-store.ts';
import { readToolUses } from './parse/read-tool-uses.ts';
import {
  type ListOptions,
  type Presence,
  type ProbeOptions,
  UpstreamError,
  type UpstreamOptions,
  type UpstreamPage,
  type UpstreamPort,
  type UpstreamScope,
} from './port.ts';
import type { UpstreamSearcher } from './searcher.ts';
import type { Method } from './transport/method.ts';
import { createPacer } from './transport/pacer.ts';
import { createSdkClient } from './transport/sdk-client.ts';
import { type Answer, createSender, type UpstreamRequest } from './transport/send.ts';
import { attachmentSubject, fileSubject, pathOf, type Subject, storeSubject } from './transport/subject.ts';
import { createTransport } from './transport/transport.ts';
import { veilConnection } from './transport/veil.ts';
import type { UpstreamConnection } from './upstream-connection.ts';

const PAGE_LIMIT = 100;
const FILES_PAGE_LIMIT = 10_000;
/** A hundred million rows at a hundred per page: OpenAI's largest store. */
const PAGES_MAX = 1_000_000;
/** Statuses with which servers reject an unknown cursor. */
const CURSOR_REFUSALS: ReadonlySet<number | null> = new Set([400, 404, 422]);

const DEFAULTS = { concurrency: 8, timeoutMs: 60_000, retryMax: 4, backoffMs: 500 } as const;

/** The read-only port over the official SDK. Invalid options fail at the first call, as the error they would cause. */
export function createOpenAiUpstream(options: UpstreamOptions): UpstreamPort {
  return createOpenAiConnection(options).reader;
}

/** The ports over the official SDK; each caller gets only the one it needs. */
export function createOpenAiConnection(options: UpstreamOptions): UpstreamConnection {
  const connection = openConnection(options);
  // Invalid options are the caller's own and reveal nothing about the network.
  return options.hidesNetwork === true && findConfigFault(options) === null ? veilConnection(connection) : connection;
}

function openConnection(options: UpstreamOptions): UpstreamConnection {
  let requestCount = 0;
  let rateLimitedCount = 0;
  const send = connect(options, {
    onRequest: () => requestCount++,
    onRateLimited: () => rateLimitedCount++,
  });

  function list<T>(spec: ListSpec<T>, outerSignal: AbortSignal | undefined): AsyncIterable<UpstreamPage<T>> {
    async function fetchPage(after: string | null, signal: AbortSignal): Promise<FetchedPage<T>> {
      const query = { limit: spec.limit, order: 'asc', ...(after === null ? {} : { after }) };
      try {
        const path = pathOf(...spec.segments);
        const answer = await send({ path, query, subject: spec.subject, isInteractive: false, signal });
        const { items, hasMore, faults, ...ends } = parsePage(answer.body, spec.limit, spec.parseRow);
        return { items, hasMore, faults, ends, scope: scopeOf(answer.headers) };
      } catch (error) {
        if (after !== null && error instanceof UpstreamError && CURSOR_REFUSALS.has(error.httpStatus)) {
          throw new CursorRefused('upstream refused the cursor', { cause: error });
        }
        throw error;
      }
    }
    return readAhead(
      (signal) =>
        listPages({
          idOf: spec.idOf,
          name: spec.name,
          pagesMax: PAGES_MAX,
          fetchPage: (after) => fetchPage(after, signal),
        }),
      outerSignal,
    );
  }

  async function probe(path: string, subject: Subject, spec: ProbeSpec, options: ProbeOptions = {}): Promise<Presence> {
    const { signal, isInteractive = false } = options;
    try {
      const { body } = await send({ path, subject, isInteractive, signal });
      const isSame = isJsonObject(body) && body.id === spec.id && (body.object ?? spec.object) === spec.object;
      if (!isSame) throw malformed('it answered with something else than the object asked for');
      return 'present';
    } catch (error) {
      if (error instanceof UpstreamError && error.kind === 'gone') return 'absent';
      throw error;
    }
  }

  const reader: UpstreamPort = {
    listVectorStores: ({ signal }: ListOptions = {}) =>
      list(
        {
          name: 'vector stores',
          segments: ['vector_stores'],
          limit: PAGE_LIMIT,
          subject: null,
          parseRow: parseStore,
          idOf: (store) => store.id,
        },
        signal,
      ),
    listAttachments: (storeId, { signal }: ListOptions = {}) =>
      list(
        {
          name: `files of vector store '${storeId}'`,
          segments: ['vector_stores', storeId, 'files'],
          limit: PAGE_LIMIT,
          subject: storeSubject(storeId),
          parseRow: (row) => parseAttachment(row, storeId),
          idOf: (attachment) => attachment.fileId,
        },
        signal,
      ),
    listFiles: ({ signal }: ListOptions = {}) =>
      list(
        {
          name: 'files',
          segments: ['files'],
          limit: FILES_PAGE_LIMIT,
          subject: null,
          parseRow: parseFile,
          idOf: (file) => file.id,
        },
        signal,
      ),
    probeVectorStore: async (storeId, options) =>
      probe(pathOf('vector_stores', storeId), storeSubject(storeId), { id: storeId, object: 'vector_store' }, options),
    probeAttachment: async (storeId, fileId, options) =>
      probe(
        pathOf('vector_stores', storeId, 'files', fileId),
        attachmentSubject(storeId, fileId),
        { id: fileId, object: 'vector_store.file' },
        options,
      ),
    probeFile: async (fileId, options) =>
      probe(pathOf('files', fileId), fileSubject(fileId), { id: fileId, object: 'file' }, options),
    async check({ signal }: ListOptions = {}) {
      const query = { limit: 1 };
      const answer = await send({ path: pathOf('vector_stores'), query, subject: null, isInteractive: true, signal });
      parsePage(answer.body, Number.POSITIVE_INFINITY, parseStore);
      return scopeOf(answer.headers);
    },
    async checkFiles({ signal }: ListOptions = {}) {
      const answer = await send({
        path: pathOf('files'),
        query: { limit: 1 },
        subject: null,
        isInteractive: true,
        signal,
      });
      parsePage(answer.body, Number.POSITIVE_INFINITY, parseFile);
    },
    readToolUses: async (files, { signal } = {}) => readToolUses(send, files, signal),
    get requestCount() {
      return requestCount;
    },
    get rateLimitedCount() {
      return rateLimitedCount;
    },
  };

  async function remove(
    segments: readonly string[],
    subject: Subject,
    id: string,
    signal: AbortSignal | undefined,
  ): Promise<Removal> {
    try {
      const { body } = await send({
        method: 'DELETE',
        path: pathOf(...segments),
        subject,
        isInteractive: false,
        signal,
      });
      if (!isJsonObject(body) || body.id !== id) throw malformed('it answered a deletion with something else');
      return body.deleted === true ? 'deleted' : 'refused';
    } catch (error) {
      if (error instanceof UpstreamError && error.kind === 'gone') return 'absent';
      throw error;
    }
  }

  const deleter: UpstreamDeleter = {
    detachFile: async (storeId, fileId, { signal } = {}) =>
      remove(['vector_stores', storeId, 'files', fileId], attachmentSubject(storeId, fileId), fileId, signal),
    deleteFile: async (fileId, { signal } = {}) => remove(['files', fileId], fileSubject(fileId), fileId, signal),
    deleteVectorStore: async (storeId, { signal } = {}) =>
      remove(['vector_stores', storeId], storeSubject(storeId), storeId, signal),
  };

  const searcher: UpstreamSearcher = {
    async search(storeId, body, { signal } = {}) {
      const path = pathOf('vector_stores', storeId, 'search');
      const subject = storeSubject(storeId);
      return parseSearch((await send({ method: 'SEARCH', path, body, subject, isInteractive: true, signal })).body);
    },
    async readFileText(storeId, fileId, { signal, isInteractive = true } = {}) {
      const path = pathOf('vector_stores', storeId, 'files', fileId, 'content');
      const subject = attachmentSubject(storeId, fileId);
      const { texts, hasMore } = parseFileText((await send({ path, subject, isInteractive, signal })).body);
      // The published SDKs read one page too: text of a second one would be silently missing.
      if (hasMore) throw malformed('it gives the text of a file in pages, which no published version does');
      return texts;
    },
  };
  return { reader, deleter, searcher, publisher: createOpenAiPublisher(send) };
}

interface ListSpec<T> {
  readonly name: string;
  readonly segments: readonly string[];
  readonly limit: number;
  readonly subject: Subject | null;
  readonly parseRow: (row: unknown) => T;
  readonly idOf: (item: T) => string;
}

interface ProbeSpec {
  readonly id: string;
  readonly object: string;
}

function scopeOf(headers: Headers): UpstreamScope {
  return { organization: headers.get('openai-organization'), project: headers.get('openai-project') };
}

/** Connects SDK, pacer and retries; with invalid options, every call throws the reason instead. */
function connect(
  options: UpstreamOptions,
  events: { readonly onRequest: () => void; readonly onRateLimited: () => void },
): (request: UpstreamRequest) => Promise<Answer> {
  const fault = findConfigFault(options);
  if (fault !== null) {
    return async () => {
      throw new UpstreamError(fault.kind, fault.message);
    };
  }
  const sleep = options.sleep ?? ((ms: number, signal?: AbortSignal) => delay(ms, undefined, { signal }));
  const timeoutMs = Math.max(1, Math.floor(options.timeoutMs ?? DEFAULTS.timeoutMs));
  const clientFor = (method: Method) =>
    createSdkClient({
      baseUrl: options.baseUrl,
      apiKey: options.apiKey,
      organization: options.organization || null,
      project: options.project || null,
      timeoutMs,
      method,
      fetch: options.fetch ?? fetch,
      onRequest: events.onRequest,
    });
  return createSender({
    transport: createTransport(
      {
        GET: clientFor('GET'),
        DELETE: clientFor('DELETE'),
        SEARCH: clientFor('SEARCH'),
        PUBLISH: clientFor('PUBLISH'),
      },
      timeoutMs,
    ),
    pacer: createPacer(Math.max(1, options.concurrency ?? DEFAULTS.concurrency), sleep),
    retry: { retryMax: options.retryMax ?? DEFAULTS.retryMax, backoffMs: options.backoffMs ?? DEFAULTS.backoffMs },
    random: options.random ?? Math.random,
    now: options.now ?? Date.now,
    sleep,
    onRateLimited: events.onRateLimited,
    observe: options.observe,
    context: { host: new URL(options.baseUrl).host, secrets: [options.apiKey] },
  });
}
