import type { Action, Authorized, Principal } from '@espejo/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../../services/services.ts';

/** One request of `/v1`, as its handler gets it. */
export interface OpenAiRequest {
  readonly services: Services;
  readonly tenantId: string;
  readonly principal: Principal;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** JSON, not validated; a missing body is an empty object. */
  readonly body: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Aborted when the server stops: a waiting handler returns the present state. */
  readonly closing: AbortSignal;
}

/** Returns the JSON response, or a reply that it has sent itself. */
export type WireHandler<A extends Action = 'read'> = (
  call: OpenAiRequest & { readonly by: Authorized<A> },
) => Promise<unknown>;

/** The poll interval that a client is told for something in progress. */
const POLL_AFTER_MS = 200;

/** A response about something that may be in progress. */
export function withPollHint<T>(reply: FastifyReply, isInProgress: boolean, answer: T): T {
  if (isInProgress) reply.header('openai-poll-after-ms', String(POLL_AFTER_MS));
  return answer;
}

export function nowS(services: Pick<Services, 'clock'>): number {
  return Math.floor(services.clock.nowMs() / 1000);
}

/** Sets as of when data of a mirror is: the last time that upstream confirmed it. */
export async function setAsOfHeader(
  { services, tenantId, reply }: OpenAiRequest,
  rows: readonly { readonly connectionId: string | null }[],
): Promise<void> {
  const ids = new Set(rows.flatMap(({ connectionId }) => connectionId ?? []));
  if (ids.size === 0) return;
  const connections = await services.db.read.connections.list(tenantId);
  const listedAtMs = connections.filter(({ id }) => ids.has(id)).map((row) => row.storesListedAtMs ?? 0);
  const oldestMs = Math.min(...listedAtMs);
  if (oldestMs > 0 && Number.isFinite(oldestMs)) reply.header('x-espejo-as-of', new Date(oldestMs).toISOString());
}
