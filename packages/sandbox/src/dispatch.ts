import { OpenAiError } from '@espejo/contracts/openai';
import { distortionOf } from './faults/distort.ts';
import type { FaultSet, MatchedFault } from './faults/fault-set.ts';
import { insteadOf } from './faults/instead.ts';
import { reshape } from './faults/reshape.ts';
import { authorise, type KeyRing } from './http/authorise.ts';
import { errorReply } from './http/error-reply.ts';
import type { SandboxReply, SandboxRequest } from './http/exchange.ts';
import { findRoute, templateOf } from './http/routes.ts';
import { hex8 } from './ids.ts';
import type { Random } from './random.ts';
import type { RequestRecorder } from './request-log.ts';
import type { Project } from './state/project.ts';

/** How a response is sent. */
export type Delivery =
  | { readonly kind: 'reply'; readonly reply: SandboxReply }
  /** Only this many bytes of the body are sent, then the connection is closed. */
  | { readonly kind: 'truncated'; readonly reply: SandboxReply; readonly share: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' };

export interface RequestEvent {
  readonly method: string;
  /** The path after `/v1`. */
  readonly path: string;
  readonly query: string;
  /** Counted from 1 since the log was last cleared. */
  readonly number: number;
}
export type RequestListener = (event: RequestEvent) => void | Promise<void>;

export interface DispatchDeps {
  readonly keys: KeyRing;
  readonly organization: string;
  readonly latencyMs: number;
  readonly faults: FaultSet;
  readonly recorder: RequestRecorder;
  readonly listeners: ReadonlySet<RequestListener>;
  readonly random: Random;
  readonly projectOf: (projectId: string) => Project;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Answers one request under `/v1`: key, faults, endpoint, and how the response is sent. */
export async function dispatch(deps: DispatchDeps, request: SandboxRequest): Promise<Delivery> {
  const path = request.path.slice('/v1'.length);
  const projectId = projectIdOf(deps, request);
  const knownId = projectId instanceof OpenAiError ? null : projectId;
  deps.recorder.begin({ method: request.method, path, query: request.query, projectId: knownId }, templateOf(path));
  try {
    const number = deps.recorder.log.total;
    const query = new URLSearchParams(request.query);
    const activeFaults = deps.faults.match({ method: request.method, path, query });
    for (const listener of deps.listeners) {
      await listener({ method: request.method, path, query: request.query, number });
    }
    const waitMs = deps.latencyMs + latencyOf(activeFaults);
    if (waitMs > 0) await deps.sleep(waitMs);

    const instead = insteadOf(activeFaults, {
      method: request.method,
      path,
      query,
      fileId: attachedFileOf(request, path),
    });
    if (instead !== null) {
      if (instead.kind !== 'reply') return { kind: instead.kind };
      return { kind: 'reply', reply: withHeaders(deps, instead.reply, knownId) };
    }
    const plain =
      projectId instanceof OpenAiError
        ? errorReply(projectId)
        : await answer(deps.projectOf(projectId), request, path, query, activeFaults);
    return deliver(withHeaders(deps, reshape(plain, activeFaults), knownId), activeFaults);
  } finally {
    deps.recorder.end();
  }
}

async function answer(
  project: Project,
  request: SandboxRequest,
  path: string,
  query: URLSearchParams,
  activeFaults: readonly MatchedFault[],
): Promise<SandboxReply> {
  if (activeFaults.some((active) => active.fault.kind === 'repeated_page')) {
    query.delete('after');
    query.delete('before');
  }
  try {
    const { ids, handler } = findRoute(request.method, path);
    return await handler({ project, ids, query, request, distortion: distortionOf(activeFaults, project.clock.now()) });
  } catch (error) {
    if (error instanceof OpenAiError) return errorReply(error, { hasDetail: /^\/files(\/|$)/.test(path) });
    throw error;
  }
}

/** The file that a request attaches to a store. */
function attachedFileOf(request: SandboxRequest, path: string): string | undefined {
  if (request.method !== 'POST' || !/^\/vector_stores\/[^/]+\/files$/.test(path)) return undefined;
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(request.body));
    const fileId: unknown = Reflect.get(Object(body), 'file_id');
    return typeof fileId === 'string' ? fileId : undefined;
  } catch {
    return undefined;
  }
}

function deliver(reply: SandboxReply, activeFaults: readonly MatchedFault[]): Delivery {
  for (const { fault } of activeFaults) {
    if ((fault.kind === 'hang' || fault.kind === 'drop') && fault.effect === 'after') return { kind: fault.kind };
    if (fault.kind === 'truncated_body') return { kind: 'truncated', reply, share: fault.share };
  }
  return { kind: 'reply', reply };
}

function projectIdOf(deps: DispatchDeps, request: SandboxRequest): string | OpenAiError {
  try {
    return authorise(request, deps.keys, deps.organization);
  } catch (error) {
    if (error instanceof OpenAiError) return error;
    throw error;
  }
}

function latencyOf(activeFaults: readonly MatchedFault[]): number {
  let latencyMs = 0;
  for (const { fault } of activeFaults) if (fault.kind === 'latency') latencyMs += fault.latencyMs;
  return latencyMs;
}

/** The headers of every response. An HTML page has none of them, as if it came from a proxy. */
function withHeaders(deps: DispatchDeps, reply: SandboxReply, projectId: string | null): SandboxReply {
  if (reply.headers['content-type']?.startsWith('text/html')) return reply;
  const { random } = deps;
  const requestId = `req_${hex8(random.uint32())}${hex8(random.uint32())}${hex8(random.uint32())}${hex8(random.uint32())}`;
  const headers: Record<string, string> = {
    'x-request-id': requestId,
    'openai-version': '2020-10-01',
    'openai-processing-ms': '1',
    ...reply.headers,
  };
  if (projectId !== null && reply.status !== 401) {
    headers['openai-organization'] = deps.organization;
    headers['openai-project'] = projectId;
  }
  return { ...reply, headers };
}
