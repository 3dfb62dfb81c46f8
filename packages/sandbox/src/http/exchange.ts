import type { GhostMode, Project } from '../state/project.ts';

/** A request without its socket, with the whole body. */
export interface SandboxRequest {
  readonly method: string;
  /** Begins with `/v1` or `/_sandbox`. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface SandboxReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What faults change in a list or a deletion, where a changed response would not be enough. */
export interface Distortion {
  /** Hides rows from lists, and only from them. */
  readonly isListed: (row: { readonly id: string; readonly createdAtMs: number }) => boolean;
  readonly ghostMode: GhostMode | null;
  readonly isDetachedEverywhere: boolean;
  readonly isBatchStore: boolean;
}

/** One call of an endpoint. */
export interface Call {
  readonly project: Project;
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  readonly request: SandboxRequest;
  readonly distortion: Distortion | null;
}

export type Handler = (call: Call) => SandboxReply | Promise<SandboxReply>;

const JSON_HEADERS = { 'content-type': 'application/json' };

/** A response of JSON text. */
export function jsonReply(body: string, status = 200): SandboxReply {
  return { status, headers: JSON_HEADERS, body };
}

/**
 * A response about an object that may be in progress: tells clients when to poll again, if the sandbox is configured
 * to.
 */
export function pollReply(body: string, isInProgress: boolean, project: Project): SandboxReply {
  const reply = jsonReply(body);
  const { pollAfterMs } = project.settings;
  if (!isInProgress || pollAfterMs === null) return reply;
  return { ...reply, headers: { ...reply.headers, 'openai-poll-after-ms': String(pollAfterMs) } };
}
