import type { ConnectionRow, Database } from '@espejo/db';
import { startSandbox } from '@espejo/sandbox';
import type { Clock, Log } from '../../ports.ts';
import type { SecretBox } from '../../secrets.ts';
import { normalizeBaseUrl } from './base-url.ts';
import { DEFAULT_CONCURRENCY, keyContext } from './connection-key.ts';
import { NEVER_SYNCED } from './create-connection.ts';
import { deleteConnectionRows } from './delete-connection.ts';

export interface BootConnections {
  /** The address of the built-in sandbox in this process. */
  sandboxUrl(fallback: string): string;
  close(): Promise<void>;
}

const ENVIRONMENT_ID = 'default';
const SANDBOX_ID = 'sandbox';

/** The first connection, as set by the environment. */
export interface BootConfig {
  /** Null: it names no project. */
  readonly upstream: {
    readonly baseUrl: string;
    readonly apiKey: string;
    readonly organization: string | null;
    readonly project: string | null;
  } | null;
  readonly syncCron: string;
  readonly removalGraceS: number;
}

interface BootInput {
  readonly config: BootConfig;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: SecretBox;
  readonly tenantId: string;
}

/**
 * Creates the connections that exist without being added by a user: `default` from the environment, or the built-in
 * sandbox while there is no other. With a real project connected, the sandbox and its sample rows are removed
 * automatically.
 */
export async function ensureDefaultConnections(input: BootInput): Promise<BootConnections> {
  const { db, tenantId, clock, config } = input;
  await db.transaction((tx) => tx.tenants.ensure({ id: tenantId, name: 'Default', createdAtMs: clock.nowMs() }));
  const existing = await db.read.connections.list(tenantId);
  if (config.upstream !== null) {
    await saveEnvironmentConnection(input, config.upstream);
    if (existing.some((row) => row.id === SANDBOX_ID)) await deleteConnectionRows({ db }, tenantId, SANDBOX_ID);
    return NO_SANDBOX;
  }
  if (existing.some((row) => row.id === ENVIRONMENT_ID && row.origin === 'environment')) await orphanEnvironment(input);
  const sandbox = existing.find((row) => row.id === SANDBOX_ID);
  if (sandbox === undefined && existing.length > 0) return NO_SANDBOX;
  return startBuiltInSandbox(input, sandbox);
}

const NO_SANDBOX: BootConnections = { sandboxUrl: (fallback) => fallback, close: async () => undefined };

async function saveEnvironmentConnection(
  input: BootInput,
  upstream: NonNullable<BootConfig['upstream']>,
): Promise<void> {
  const { db, tenantId, clock, secrets, config } = input;
  const place = {
    baseUrl: normalizeBaseUrl(upstream.baseUrl),
    apiKeyCipher: secrets.seal(upstream.apiKey, keyContext(tenantId, ENVIRONMENT_ID)),
    apiKeyFingerprint: secrets.fingerprint(upstream.apiKey),
    organization: upstream.organization,
    project: upstream.project,
    origin: 'environment',
    updatedAtMs: clock.nowMs(),
  } as const;
  await db.transaction(async (tx) => {
    const before = await tx.connections.find(tenantId, ENVIRONMENT_ID);
    if (before === undefined) {
      await tx.connections.insert({ ...newRow(input, ENVIRONMENT_ID, 'OpenAI'), kind: 'openai', ...place });
      return;
    }
    const isSamePlace = (['baseUrl', 'apiKeyFingerprint', 'organization', 'project'] as const).every(
      (field) => before[field] === place[field],
    );
    await tx.connections.update(tenantId, ENVIRONMENT_ID, {
      ...place,
      // The environment decides the grace period of the connection it creates; the schedule is edited in the console.
      removalGraceS: config.removalGraceS,
      // Approval and health of the old project say nothing about the new one.
      ...(isSamePlace ? {} : { healthStatus: 'unknown', healthMessage: null, approvedRunId: null }),
      // It was disabled because its key was missing; the key is back.
      ...(before.origin === 'environment' ? {} : { isEnabled: true }),
    });
  });
}

/**
 * The environment names no project any more: its rows stay readable, but the key from the environment is removed, and
 * nothing is synced until a user enters one.
 */
async function orphanEnvironment({ db, tenantId, clock }: BootInput): Promise<void> {
  await db.transaction((tx) =>
    tx.connections.update(tenantId, ENVIRONMENT_ID, {
      origin: 'console',
      apiKeyCipher: null,
      apiKeyFingerprint: null,
      isEnabled: false,
      approvedRunId: null,
      healthStatus: 'unknown',
      healthMessage:
        'The environment no longer names this project (OPENAI_API_KEY, OPENAI_BASE_URL), so it is not synced. Set them again, or enter its API key here and enable it.',
      updatedAtMs: clock.nowMs(),
    }),
  );
}

async function startBuiltInSandbox(input: BootInput, existing: ConnectionRow | undefined): Promise<BootConnections> {
  const { db, clock, log } = input;
  // The sample data is generated from the day of the first start, so that a restart gives the same rows.
  const row: ConnectionRow = existing ?? {
    ...newRow(input, SANDBOX_ID, 'Sandbox'),
    kind: 'sandbox',
    origin: 'built_in',
  };
  const sandbox = await startSandbox();
  sandbox.seedSample({ seedEpochMs: row.createdAtMs });
  if (existing === undefined) {
    await db.transaction((tx) => tx.connections.insert({ ...row, baseUrl: sandbox.url }));
  } else {
    await db.transaction((tx) =>
      tx.connections.update(row.tenantId, row.id, { baseUrl: sandbox.url, updatedAtMs: clock.nowMs() }),
    );
  }
  log.info({ url: sandbox.url }, 'the built-in sandbox is running: sample data, no OpenAI account needed');
  return { sandboxUrl: () => sandbox.url, close: () => sandbox.close() };
}

function newRow(input: BootInput, id: string, name: string): ConnectionRow {
  const { config, tenantId } = input;
  const nowMs = input.clock.nowMs();
  return {
    tenantId,
    id,
    name,
    kind: 'openai',
    origin: 'built_in',
    baseUrl: '',
    apiKeyCipher: null,
    apiKeyFingerprint: null,
    organization: null,
    project: null,
    isEnabled: true,
    syncCron: config.syncCron,
    isSyncEnabled: true,
    removalGraceS: config.removalGraceS,
    concurrency: DEFAULT_CONCURRENCY,
    ...NEVER_SYNCED,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}
