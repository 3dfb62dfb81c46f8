/** One HTTP request as an observer sees it: its shape, and nothing that is in it. */
export interface UpstreamCall {
  readonly verb: 'GET' | 'POST' | 'DELETE';
  /** Ids in the path stand as `{id}`: `/vector_stores/{id}/files`. */
  readonly route: string;
  /** 0 for the first try. */
  readonly retryCount: number;
}

/** How it ended. */
export interface UpstreamCallEnd {
  /** Null: no answer. */
  readonly status: number | null;
  /** What upstream calls the request. */
  readonly requestId: string | null;
  /** What was wrong where no status says it; `aborted` when nobody wants the answer any more. */
  readonly fault: 'connection' | 'timeout' | 'body' | 'too_large' | 'aborted' | null;
}

/** Told of each HTTP request as it is sent; what it answers is told how that one ended. Must not throw. */
export type ObserveUpstream = (call: UpstreamCall) => (end: UpstreamCallEnd) => void;

/** The words that paths are made of; everything else in one is an id. */
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

/** The route that a path is one of. The set of routes is closed, whatever ids there are. */
export function routeOf(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment === '' || WORDS.has(segment) ? segment : '{id}'))
    .join('/');
}
