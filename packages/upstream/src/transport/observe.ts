/** One HTTP request for an observer: its shape, without its content. */
export interface UpstreamCall {
  readonly verb: 'GET' | 'POST' | 'DELETE';
  /** Ids in the path are replaced by `{id}`: `/vector_stores/{id}/files`. */
  readonly route: string;
  /** 0 for the first try. */
  readonly retryCount: number;
}

/** How it ended. */
export interface UpstreamCallEnd {
  /** Null: no response. */
  readonly status: number | null;
  /** Upstream's id of the request. */
  readonly requestId: string | null;
  /** The error when there is no status; `aborted` when the caller has aborted. */
  readonly fault: 'connection' | 'timeout' | 'body' | 'too_large' | 'aborted' | null;
}

/** Called for each HTTP request when it is sent; the returned function is called when it ends. Must not throw. */
export type ObserveUpstream = (call: UpstreamCall) => (end: UpstreamCallEnd) => void;

/** The words of all paths; everything else in a path is an id. */
const WORDS: ReadonlySet<string> = new Set([
  'vector_stores',
  'files',
  'search',
  'content',
  'uploads',
  'parts',
  'complete',
  'containers',
  'assistants',
  'threads',
  'messages',
]);

/** The route of a path. The set of routes is closed, whatever ids there are. */
export function routeOf(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment === '' || WORDS.has(segment) ? segment : '{id}'))
    .join('/');
}
