import type { ConnectionTestResult } from '@espejo/contracts';
import type { Authorized } from '@espejo/core';
import { UpstreamError, type UpstreamPort } from '@espejo/upstream';
import { toRunFailure } from '../sync/run-failure.ts';
import { normalizeBaseUrl } from './base-url.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import { getConnectionRow } from './get-connection.ts';

/** A person waits for the answer: it comes within this time, whatever upstream does. */
const TEST_TIMEOUT_MS = 15_000;

/** Proves a saved connection with one cheap read and notes the result as its health. */
export async function testConnection(
  deps: ConnectionDeps,
  input: { readonly by: Authorized<'manage'>; readonly id: string },
): Promise<ConnectionTestResult> {
  const row = await getConnectionRow(deps, input.by.tenantId, input.id);
  const { result, kind } = await tryUpstream(deps, deps.upstreamFor(row));
  // A review that waits for a person is not answered by a ping.
  if (row.healthStatus !== 'needs_review' || !result.ok) {
    await deps.db.transaction((tx) =>
      tx.connections.update(row.tenantId, row.id, {
        healthStatus: result.ok ? 'ok' : kind,
        healthMessage: result.ok ? null : result.message,
        healthCheckedAtMs: deps.clock.nowMs(),
      }),
    );
  }
  return result;
}

/** Proves a place and a key before they are saved. */
export async function testNewConnection(
  deps: ConnectionDeps,
  input: { baseUrl: string; apiKey: string; organization: string | null; project: string | null },
): Promise<ConnectionTestResult> {
  const upstream = deps.createUpstream({
    ...input,
    baseUrl: normalizeBaseUrl(input.baseUrl),
    retryMax: 0,
    timeoutMs: TEST_TIMEOUT_MS,
  });
  return (await tryUpstream(deps, upstream)).result;
}

async function tryUpstream(
  deps: ConnectionDeps,
  upstream: UpstreamPort,
): Promise<{ result: ConnectionTestResult; kind: string }> {
  const startedAtMs = deps.clock.nowMs();
  const timeout = AbortSignal.timeout(TEST_TIMEOUT_MS);
  try {
    const scope = await upstream.check({ signal: timeout });
    return {
      kind: 'ok',
      result: {
        ok: true,
        code: null,
        message: 'The connection works.',
        latencyMs: deps.clock.nowMs() - startedAtMs,
        ...scope,
      },
    };
  } catch (cause) {
    const error = timeout.aborted
      ? new UpstreamError(
          'unavailable',
          'The server did not answer within 15 seconds. Check the base URL and the network.',
        )
      : cause;
    const { code, message } = toRunFailure(error);
    deps.log.info({ err: cause, code }, 'connection test failed');
    return {
      kind: error instanceof UpstreamError ? (error.kind === 'gone' ? 'malformed' : error.kind) : 'unavailable',
      result: {
        ok: false,
        code,
        message,
        latencyMs: deps.clock.nowMs() - startedAtMs,
        organization: null,
        project: null,
      },
    };
  }
}
