import type { AttachmentSnapshot, FileSnapshot, StoreSnapshot, ToolUses } from '@espejo/core';
import type { ObserveUpstream } from './transport/observe.ts';

/**
 * Whose data a page is, from the response headers. A change means that another key or another project answers now. Null
 * if upstream does not say.
 */
export interface UpstreamScope {
  readonly organization: string | null;
  readonly project: string | null;
}

export interface UpstreamPage<T> {
  readonly items: readonly T[];
  readonly scope: UpstreamScope;
}

export type Presence = 'present' | 'absent';

export interface ListOptions {
  /** Ends the listing at once; the iterable then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ProbeOptions extends ListOptions {
  /** A user waits for the response: use the reserved slots and fail sooner (at most one retry). Default false. */
  readonly isInteractive?: boolean | undefined;
}

/**
 * Read-only port to one OpenAI project. It has no method that writes, so the syncer cannot write upstream (rule 2).
 *
 * Each listing is an async iterable of pages. **Only an iterable that ends normally was complete**; any fault (after
 * retries), a cursor that repeats or does not advance, or `has_more` with an empty page throws `UpstreamError`. A row
 * without its required fields is left out, and named in the `UpstreamError` that is then thrown after the last page.
 * When upstream rejects a cursor (its object was deleted while paging), the listing restarts from the top, so a
 * consumer may see an id more than once and must be idempotent by id.
 */
export interface UpstreamPort {
  /** All vector stores, 100 per page, oldest first. */
  listVectorStores(options?: ListOptions): AsyncIterable<UpstreamPage<StoreSnapshot>>;
  /** All attachments of a store, 100 per page. Throws kind `gone` when the store answers 404. */
  listAttachments(storeId: string, options?: ListOptions): AsyncIterable<UpstreamPage<AttachmentSnapshot>>;
  /** All files of the project, up to 10,000 a page. */
  listFiles(options?: ListOptions): AsyncIterable<UpstreamPage<FileSnapshot>>;
  /** `absent` only on a 404 that proves this object's absence (see not-found.ts); every other failure throws. */
  probeVectorStore(storeId: string, options?: ProbeOptions): Promise<Presence>;
  probeAttachment(storeId: string, fileId: string, options?: ProbeOptions): Promise<Presence>;
  probeFile(fileId: string, options?: ProbeOptions): Promise<Presence>;
  /** One cheap read (`GET /vector_stores?limit=1`) that proves URL and key; throws UpstreamError. Interactive priority. */
  check(options?: ListOptions): Promise<UpstreamScope>;
  /** The same for the project's files (`GET /files?limit=1`), for which a key may lack the permission. */
  checkFiles(options?: ListOptions): Promise<void>;
  /**
   * Which tools besides vector stores use which of these files: containers, assistants, and threads if a server lists
   * them. What could not be read is `unknown`; throws only the signal's reason. At most 500 requests.
   */
  readToolUses(
    files: readonly Pick<FileSnapshot, 'id' | 'filename' | 'bytes'>[],
    options?: ListOptions,
  ): Promise<ToolUses>;
  /** HTTP requests sent so far, retries included. */
  readonly requestCount: number;
  /** How many of them were answered 429. */
  readonly rateLimitedCount: number;
}

export type UpstreamErrorKind = 'gone' | 'unauthorized' | 'forbidden' | 'rate_limited' | 'unavailable' | 'malformed';

export interface UpstreamErrorDetails {
  readonly httpStatus?: number | null | undefined;
  readonly cause?: unknown;
  /** Default null. */
  readonly words?: string | null | undefined;
  /** Default false. */
  readonly isSpoken?: boolean | undefined;
  /** Default the kind itself. */
  readonly shownKind?: UpstreamErrorKind | undefined;
}

/** A failed upstream call. `message` is safe to show; the raw failure is the cause, for the log. */
export class UpstreamError extends Error {
  /** What follows for the running work. */
  readonly kind: UpstreamErrorKind;
  /** The kind that is shown to users: another one where a connection hides the network (see veil.ts). */
  readonly shownKind: UpstreamErrorKind;
  readonly httpStatus: number | null;
  /** Upstream's text, sanitised for quoting: one bounded line without keys. Null: none. */
  readonly words: string | null;
  /** The error came in the form of OpenAI's errors, so the server implements this API. */
  readonly isSpoken: boolean;

  constructor(kind: UpstreamErrorKind, message: string, options: UpstreamErrorDetails = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UpstreamError';
    this.kind = kind;
    this.shownKind = options.shownKind ?? kind;
    this.httpStatus = options.httpStatus ?? null;
    this.words = options.words ?? null;
    this.isSpoken = options.isSpoken ?? false;
  }
}

export interface UpstreamOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly organization?: string | null | undefined;
  readonly project?: string | null | undefined;
  /** At most this many requests at a time; two more slots are reserved for interactive calls. Default 8. */
  readonly concurrency?: number | undefined;
  /** Upper bound for one request, body included. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Retries of one request after its first try (408, 409, 429, 5xx, connection faults, broken bodies). Default 4. */
  readonly retryMax?: number | undefined;
  /** Base of the exponential backoff (doubles, capped at 8 s, full jitter). Default 500. */
  readonly backoffMs?: number | undefined;
  /** The function that sends requests, which decides where a connection may reach. Default the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /**
   * Use one message for every failure that does not come from a server with OpenAI's API, so that a user who can enter
   * a base URL cannot scan the network with it. Default false.
   */
  readonly hidesNetwork?: boolean | undefined;
  /** Default: none. */
  readonly observe?: ObserveUpstream | undefined;
  /** For tests: randomness in [0, 1), a timer, and the wall clock in milliseconds. */
  readonly random?: (() => number) | undefined;
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  readonly now?: (() => number) | undefined;
}
