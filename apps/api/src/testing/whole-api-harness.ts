import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ConsoleClient, createConsoleClient } from '@espejo/contracts';
import type { StoreSnapshot } from '@espejo/core';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createApp } from '../app.ts';
import { loadConfig } from '../config.ts';
import type { Clock } from '../ports.ts';
import type { Services } from '../services/services.ts';
import { wire } from '../wire.ts';

/** The connection of the environment: no server listens there, so every request upstream fails. */
const CONNECTION_ID = 'default';

export interface AuditRow {
  readonly action: string;
  readonly subject: string;
  readonly actor: string;
}

/** The whole API in this process, on a real database and a clock that only the test moves. */
export interface ApiHarness {
  readonly services: Services;
  readonly clock: Clock & { advance(ms: number): void };
  /** The typed client, over the real routes. */
  readonly call: ConsoleClient;
  /** One raw request, for what a client hides: cookies, headers, other callers. */
  send(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** Mirrors these stores, as a sync would. */
  mirror(stores: readonly (Partial<StoreSnapshot> & Pick<StoreSnapshot, 'id'>)[]): Promise<void>;
  /** Every recorded event, oldest first. */
  audit(): AuditRow[];
}

export async function createApiHarness(
  startMs: number,
  env: Readonly<Record<string, string>> = {},
): Promise<ApiHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-api-'));
  let nowMs = startMs;
  const clock = {
    nowMs: () => nowMs,
    advance(ms: number) {
      nowMs += ms;
    },
  };
  const config = loadConfig({
    ESPEJO_DATA_DIR: folder,
    ESPEJO_SYNC_ENABLED: 'false',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    OPENAI_API_KEY: 'sk-harness',
    ...env,
  });
  const logger = pino({ level: 'silent' });
  const services = await wire(config, logger, clock);
  const app = await createApp({ services, auth: config, logger });
  onTestFinished(async () => {
    await services.stop();
    await app.close();
    await services.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const call = createConsoleClient({
    fetch: async (url, init) => {
      const { method = 'GET', body } = init ?? {};
      const response = await app.inject({
        method: method as NonNullable<InjectOptions['method']>,
        url: String(url),
        headers: Object.fromEntries(new Headers(init?.headers)),
        ...(typeof body === 'string' ? { payload: body } : {}),
      });
      return new Response(response.statusCode === 204 ? null : response.body, { status: response.statusCode });
    },
  });

  return {
    services,
    clock,
    call,
    send: (request) => app.inject(request),
    async mirror(stores) {
      const { db, tenantId } = services;
      await db.transaction(async (tx) => {
        await tx.mirrorPermits.grant(tenantId, CONNECTION_ID);
        const rows = stores.map((store) => ({ snapshot: { ...emptyStore(nowMs), ...store }, fingerprint: store.id }));
        await tx.mirrorStores.upsert(tenantId, CONNECTION_ID, rows, nowMs);
      });
    },
    audit() {
      const sqlite = new DatabaseSync(join(folder, 'espejo.db'), { readOnly: true });
      const rows = sqlite.prepare('select action, subject, actor from audit_event order by seq').all();
      sqlite.close();
      return rows.map(({ action, subject, actor }) => ({
        action: String(action),
        subject: String(subject),
        actor: String(actor),
      }));
    },
  };
}

function emptyStore(nowMs: number): Omit<StoreSnapshot, 'id'> {
  const nowS = Math.floor(nowMs / 1000);
  return {
    name: null,
    description: null,
    status: 'completed',
    fileCounts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 },
    usageBytes: 0,
    metadata: {},
    expiresAfter: null,
    expiresAt: null,
    lastActiveAt: nowS,
    createdAt: nowS,
    extra: null,
  };
}
