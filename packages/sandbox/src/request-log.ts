/** One request as it was received. */
export interface LoggedRequest {
  readonly number: number;
  readonly method: string;
  /** The path after `/v1`. */
  readonly path: string;
  readonly query: string;
  /** Null when the key has no project. */
  readonly projectId: string | null;
}

interface RequestSummary {
  readonly total: number;
  /** Requests of any method but GET and HEAD. */
  readonly writes: number;
  /** Per method and path with `*` for ids, such as `GET /vector_stores/*` + `/files`. */
  readonly byRoute: Readonly<Record<string, number>>;
  /** The most requests that were in the sandbox at one time. */
  readonly peakInFlight: number;
}

/** The requests to the sandbox: exact counts, and the latest requests one by one. */
export interface RequestLog extends RequestSummary {
  readonly entries: readonly LoggedRequest[];
  clear(): void;
}

/** The writing side of the log, for the dispatcher. */
export interface RequestRecorder {
  readonly log: RequestLog;
  begin(request: Omit<LoggedRequest, 'number'>, template: string): void;
  end(): void;
}

const ENTRIES_MAX = 50_000;

/** Creates an empty log. */
export function createRequestRecorder(): RequestRecorder {
  let entries: LoggedRequest[] = [];
  let byRoute: Record<string, number> = {};
  let total = 0;
  let writes = 0;
  let inFlight = 0;
  let peakInFlight = 0;
  const log: RequestLog = {
    get total() {
      return total;
    },
    get writes() {
      return writes;
    },
    get byRoute() {
      return { ...byRoute };
    },
    get peakInFlight() {
      return peakInFlight;
    },
    get entries() {
      return entries;
    },
    clear: () => {
      entries = [];
      byRoute = {};
      total = 0;
      writes = 0;
      peakInFlight = inFlight;
    },
  };
  return {
    log,
    begin: (request, template) => {
      total += 1;
      if (request.method !== 'GET' && request.method !== 'HEAD') writes += 1;
      const route = `${request.method} ${template}`;
      byRoute[route] = (byRoute[route] ?? 0) + 1;
      // Half is dropped at once, so that dropping costs nothing per request.
      if (entries.length >= ENTRIES_MAX) entries = entries.slice(ENTRIES_MAX / 2);
      entries.push({ number: total, ...request });
      inFlight += 1;
      peakInFlight = Math.max(peakInFlight, inFlight);
    },
    end: () => {
      inFlight -= 1;
    },
  };
}
