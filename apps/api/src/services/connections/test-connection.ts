import type { Authorized } from '@espejo/core';
import { noSuchServer, UpstreamError, type UpstreamPort } from '@espejo/upstream';
import type { ConnectionContext } from '../context/app-context.ts';
import { toRunFailure } from '../sync/run/run-failure.ts';
import { normalizeBaseUrl } from './base-url.ts';
import { getConnectionRow } from './get-connection.ts';
import type { ConnectionTestResult } from './views.ts';

/** A user waits for the result: it comes within this time, whatever upstream does. */
const TEST_TIMEOUT_MS = 15_000;

/** Tests a saved connection with two cheap reads and saves the result as its health. */
export async function testConnection(
  deps: ConnectionContext,
  input: { readonly by: Authorized<'manage'>; readonly id: string },
): Promise<ConnectionTestResult> {
  const row = await getConnectionRow(deps, input.by.tenantId, input.id);
  const { result, kind } = await tryUpstream(deps, row.tenantId, deps.upstreamFor(row));
  // A pending review is not ended by a successful test.
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

/** Tests a base URL and a key before they are saved. */
export async function testNewConnection(
  deps: ConnectionContext,
  input: {
    by: Authorized<'manage'>;
    baseUrl: string;
    apiKey: string;
    organization: string | null;
    project: string | null;
  },
): Promise<ConnectionTestResult> {
  const { by, ...place } = input;
  const upstream = deps.createUpstream(by.tenantId, {
    ...place,
    baseUrl: normalizeBaseUrl(input.baseUrl),
    retryMax: 0,
    timeoutMs: TEST_TIMEOUT_MS,
  });
  return (await tryUpstream(deps, by.tenantId, upstream)).result;
}

type Permission = ConnectionTestResult['permissions'][number];

/** A test changes nothing upstream, so write permissions are not tried. */
const WRITE: Permission = {
  permission: 'write',
  state: 'unknown',
  message:
    'Not tried: a test changes nothing upstream. Publishing and deleting need permission to write vector stores and files.',
};

/** Reads one row of each list that a sync reads: a key may be allowed one and not the other. */
async function tryUpstream(
  deps: ConnectionContext,
  tenantId: string,
  upstream: UpstreamPort,
): Promise<{ result: ConnectionTestResult; kind: string }> {
  const startedAtMs = deps.clock.nowMs();
  const timeout = AbortSignal.timeout(TEST_TIMEOUT_MS);
  const stores = await attempt(() => upstream.check({ signal: timeout }));
  // A server that does not answer the first read is not sent the second.
  const areFilesTried = stores.failure === null || isRefusal(stores.failure);
  const files = areFilesTried ? await attempt(() => upstream.checkFiles({ signal: timeout })) : NOT_TRIED;
  const permissions = [
    toPermission('read_vector_stores', stores.failure),
    areFilesTried ? toPermission('read_files', files.failure) : { ...UNKNOWN_FILES },
    WRITE,
  ];
  const failure = stores.failure ?? files.failure;
  const latencyMs = deps.clock.nowMs() - startedAtMs;
  if (failure === null) {
    const message = 'The connection works: its key may read vector stores and files.';
    return {
      kind: 'ok',
      result: { ok: true, code: null, message, permissions, latencyMs, ...(stores.value ?? NO_SCOPE) },
    };
  }
  const { code, message } = toRunFailure(failure);
  deps.log.info({ err: failure, code }, 'connection test failed');
  return {
    kind:
      failure instanceof UpstreamError
        ? failure.shownKind === 'gone'
          ? 'malformed'
          : failure.shownKind
        : 'unavailable',
    result: {
      ok: false,
      code,
      message: stores.failure === null ? `Vector stores can be read, files cannot. ${message}` : message,
      permissions,
      latencyMs,
      ...(stores.value ?? NO_SCOPE),
    },
  };

  async function attempt<T>(read: () => Promise<T>): Promise<{ value: T | null; failure: unknown }> {
    try {
      return { value: await read(), failure: null };
    } catch (cause) {
      return { value: null, failure: timeout.aborted ? tooLate(deps.isNetworkTold(tenantId), cause) : cause };
    }
  }
}

const NO_SCOPE = { organization: null, project: null };
const NOT_TRIED = { value: null, failure: null };
const UNKNOWN_FILES: Permission = {
  permission: 'read_files',
  state: 'unknown',
  message: 'Not tried: the server did not answer the first read.',
};

function tooLate(isTold: boolean, cause: unknown): UpstreamError {
  if (!isTold) return noSuchServer(cause);
  const message = 'The server did not answer within 15 seconds. Check the base URL and the network.';
  return new UpstreamError('unavailable', message, { cause });
}

function isRefusal(failure: unknown): boolean {
  return (
    failure instanceof UpstreamError && (failure.shownKind === 'forbidden' || failure.shownKind === 'unauthorized')
  );
}

function toPermission(permission: Permission['permission'], failure: unknown): Permission {
  if (failure === null) return { permission, state: 'allowed', message: null };
  return { permission, state: isRefusal(failure) ? 'refused' : 'unknown', message: toRunFailure(failure).message };
}
