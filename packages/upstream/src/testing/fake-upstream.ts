import { NO_TOOL_USES } from '@espejo/core';
import { CursorRefused, type FetchedPage, listPages } from '../paging/list-pages.ts';
import {
  type ListOptions,
  type Presence,
  UpstreamError,
  type UpstreamErrorKind,
  type UpstreamPage,
  type UpstreamPort,
  type UpstreamScope,
} from '../port.ts';
import { createFakeWorld, type FakeWorld, type FakeWorldSeed } from './fake-world.ts';

export type FakeOperation =
  | 'listVectorStores'
  | 'listAttachments'
  | 'listFiles'
  | 'probeVectorStore'
  | 'probeAttachment'
  | 'probeFile'
  | 'check'
  | 'checkFiles'
  | 'readToolUses';

/** One request as upstream receives it. */
export interface FakeCall {
  readonly operation: FakeOperation;
  readonly storeId: string | null;
  readonly fileId: string | null;
  /** 1 for the first page of a listing, and for everything else. */
  readonly page: number;
  /** Counts all requests from 0. */
  readonly index: number;
}

export interface FakeUpstreamOptions extends FakeWorldSeed {
  readonly world?: FakeWorld | undefined;
  readonly scope?: UpstreamScope | undefined;
  /** Rows on a page of stores and attachments (default 100) and of files (default 10,000). */
  readonly pageLimit?: number | undefined;
  readonly filesPageLimit?: number | undefined;
  /**
   * Runs before each request is answered: may change the world, wait (a gate, a hang), or throw what the port must
   * throw. A signal that is aborted meanwhile wins.
   */
  readonly onCall?: ((call: FakeCall) => void | Promise<void>) | undefined;
}

export interface FakeUpstream extends UpstreamPort {
  readonly world: FakeWorld;
  /** Every request so far, failed ones included. */
  readonly calls: readonly FakeCall[];
  /** Fails the next `times` requests (default 1) that match all given fields. */
  failOn(match: Partial<FakeCall>, error: UpstreamError | UpstreamErrorKind, times?: number): void;
  /** Changes whose data it is, as another key would. */
  setScope(scope: UpstreamScope): void;
}

interface Fault {
  readonly match: Partial<FakeCall>;
  readonly error: UpstreamError;
  remaining: number;
}

/** The port over an in-memory world: no HTTP, no retries, and the adapter's own paging (restarts included). */
export function createFakeUpstream(options: FakeUpstreamOptions = {}): FakeUpstream {
  const world = options.world ?? createFakeWorld(options);
  const calls: FakeCall[] = [];
  const faults: Fault[] = [];
  let scope: UpstreamScope = options.scope ?? { organization: null, project: null };
  let rateLimitedCount = 0;

  async function request(call: Omit<FakeCall, 'index'>, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const numbered: FakeCall = { ...call, index: calls.length };
    calls.push(numbered);
    try {
      const pending = options.onCall?.(numbered);
      if (pending !== undefined) await (signal === undefined ? pending : Promise.race([pending, abortOf(signal)]));
      signal?.throwIfAborted();
      const fault = faults.find((candidate) => candidate.remaining > 0 && matches(numbered, candidate.match));
      if (fault !== undefined) {
        fault.remaining--;
        throw fault.error;
      }
    } catch (error) {
      if (error instanceof UpstreamError && error.kind === 'rate_limited') rateLimitedCount++;
      throw error;
    }
  }

  function list<T>(
    call: Pick<FakeCall, 'operation' | 'storeId'>,
    rowsOf: () => ReadonlyMap<string, T>,
    idOf: (row: T) => string,
    limit: number,
    signal: AbortSignal | undefined,
  ): AsyncIterable<UpstreamPage<T>> {
    let page = 0;
    return listPages({
      idOf,
      name: call.operation,
      pagesMax: 1_000_000,
      async fetchPage(after): Promise<FetchedPage<T>> {
        page = after === null ? 1 : page + 1;
        await request({ ...call, fileId: null, page }, signal);
        const rows = [...rowsOf().values()];
        const start = after === null ? 0 : rows.findIndex((row) => idOf(row) === after) + 1;
        if (after !== null && start === 0) throw new CursorRefused('the object of the cursor is gone');
        return { items: rows.slice(start, start + limit), hasMore: rows.length > start + limit, scope };
      },
    });
  }

  async function probe(
    call: Pick<FakeCall, 'operation' | 'storeId' | 'fileId'>,
    isPresent: () => boolean,
    { signal }: ListOptions = {},
  ): Promise<Presence> {
    await request({ ...call, page: 1 }, signal);
    return isPresent() ? 'present' : 'absent';
  }

  function existingAttachments(storeId: string) {
    if (!world.stores.has(storeId)) {
      throw new UpstreamError('gone', `Vector store '${storeId}' does not exist upstream any more.`, {
        httpStatus: 404,
      });
    }
    return world.attachmentsOf(storeId);
  }

  const pageLimit = options.pageLimit ?? 100;
  return {
    world,
    calls,
    failOn(match, error, times = 1) {
      faults.push({ match, error: typeof error === 'string' ? upstreamError(error) : error, remaining: times });
    },
    setScope(next) {
      scope = next;
    },
    listVectorStores: ({ signal } = {}) =>
      list(
        { operation: 'listVectorStores', storeId: null },
        () => world.stores,
        (store) => store.id,
        pageLimit,
        signal,
      ),
    listAttachments: (storeId, { signal } = {}) =>
      list(
        { operation: 'listAttachments', storeId },
        () => existingAttachments(storeId),
        (attachment) => attachment.fileId,
        pageLimit,
        signal,
      ),
    listFiles: ({ signal } = {}) =>
      list(
        { operation: 'listFiles', storeId: null },
        () => world.files,
        (file) => file.id,
        options.filesPageLimit ?? 10_000,
        signal,
      ),
    probeVectorStore: (storeId, probeOptions) =>
      probe({ operation: 'probeVectorStore', storeId, fileId: null }, () => world.stores.has(storeId), probeOptions),
    probeAttachment: (storeId, fileId, probeOptions) =>
      probe(
        { operation: 'probeAttachment', storeId, fileId },
        () => world.stores.has(storeId) && world.attachmentsOf(storeId).has(fileId),
        probeOptions,
      ),
    probeFile: (fileId, probeOptions) =>
      probe({ operation: 'probeFile', storeId: null, fileId }, () => world.files.has(fileId), probeOptions),
    async check({ signal } = {}) {
      await request({ operation: 'check', storeId: null, fileId: null, page: 1 }, signal);
      return scope;
    },
    async checkFiles({ signal } = {}) {
      await request({ operation: 'checkFiles', storeId: null, fileId: null, page: 1 }, signal);
    },
    async readToolUses(_files, { signal } = {}) {
      await request({ operation: 'readToolUses', storeId: null, fileId: null, page: 1 }, signal);
      return NO_TOOL_USES;
    },
    get requestCount() {
      return calls.length;
    },
    get rateLimitedCount() {
      return rateLimitedCount;
    },
  };
}

const HTTP_STATUS: Record<UpstreamErrorKind, number | undefined> = {
  gone: 404,
  unauthorized: 401,
  forbidden: 403,
  rate_limited: 429,
  unavailable: 503,
  malformed: undefined,
};

function upstreamError(kind: UpstreamErrorKind): UpstreamError {
  return new UpstreamError(kind, `Scripted fault: ${kind}.`, { httpStatus: HTTP_STATUS[kind] });
}

function matches(call: FakeCall, match: Partial<FakeCall>): boolean {
  return (
    (match.operation ?? call.operation) === call.operation &&
    (match.storeId === undefined || match.storeId === call.storeId) &&
    (match.fileId === undefined || match.fileId === call.fileId) &&
    (match.page ?? call.page) === call.page &&
    (match.index ?? call.index) === call.index
  );
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
