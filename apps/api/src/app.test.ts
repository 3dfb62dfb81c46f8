import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONSOLE_ROUTES, type RouteContract } from '@espejo/contracts';
import { asSystem } from '@espejo/core';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import { createApiKey } from './services/api-keys/manage-api-keys.ts';
import type { Services } from './services/services.ts';
import { createVectorStore } from './services/vector-stores/create-vector-store.ts';
import { ALL_WELL } from './testing/levels.ts';
import { wire } from './wire.ts';

interface Setup {
  readonly app: FastifyInstance;
  readonly services: Services;
  readonly log: string[];
}

/** The whole API in this process, without its schedule; `breakIn` replaces a part with a broken one. */
async function setUp(breakIn: (services: Services) => Partial<Services> = () => ({})): Promise<Setup> {
  const dataDir = mkdtempSync(join(tmpdir(), 'espejo-app-'));
  const log: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(line) });
  const config = loadConfig({
    ESPEJO_DATA_DIR: dataDir,
    ESPEJO_SYNC_ENABLED: 'false',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
  });
  const services = await wire(config, logger);
  const app = await createApp({
    services: { ...services, ...breakIn(services) },
    auth: { apiKey: null, consoleToken: null, trustedProxies: 0 },
    logger,
  });
  onTestFinished(async () => {
    await app.close();
    await services.stop();
    await services.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { app, services, log };
}

describe('health endpoints', () => {
  it('answer ok once everything has started', async () => {
    const { app, services } = await setUp();
    expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' });
    const early = await app.inject('/readyz');
    expect(early.statusCode).toBe(503);
    const waiting = { ingestion: 'It has not started yet.', scheduler: 'It has not started yet.' };
    expect(early.json()).toEqual({ status: 'not_ready', checks: { ...ALL_WELL, ...waiting }, degraded: {} });
    await services.start();
    const ready = await app.inject('/readyz');
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toEqual({ status: 'ready', checks: ALL_WELL, degraded: {} });
  });

  it('name the failing part', async () => {
    const { app, services } = await setUp();
    await services.start();
    await services.stop();
    expect((await app.inject('/readyz')).json().checks).toMatchObject({ scheduler: 'It is stopping.' });
  });

  it('check a healthy process at most once per interval, however many requests come', async () => {
    let looks = 0;
    const { app, services } = await setUp(({ readiness }) => ({
      readiness: () => {
        looks += 1;
        return readiness();
      },
    }));
    await services.start();
    await Promise.all(Array.from({ length: 50 }, () => app.inject('/readyz')));
    // Once a second; how many seconds this takes depends on the machine.
    expect(looks).toBeLessThan(25);
  });

  it('report ready while only upstream fails', async () => {
    const { app, services } = await setUp();
    await services.start();
    await services.db.transaction((tx) =>
      tx.connections.update(services.tenantId, 'default', { healthStatus: 'unavailable' }),
    );
    const answer = await app.inject('/readyz');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ status: 'degraded', degraded: { upstream: expect.stringContaining('1') } });
    expect((await app.inject('/healthz')).statusCode).toBe(200);
  });

  it('report an error when the database is closed', async () => {
    const { app, services } = await setUp();
    await services.db.close();
    expect((await app.inject('/readyz')).statusCode).toBe(503);
  });
});

type KeyBody = Parameters<typeof createApiKey>[1]['body'];

describe('/metrics', () => {
  it('is for operators only, as it covers all tenants', async () => {
    const { app, services } = await setUp();
    const scrape = async (tenantId: string, over: Partial<KeyBody> = {}) => {
      await services.db.transaction((tx) => tx.tenants.ensure({ id: tenantId, name: tenantId, createdAtMs: 0 }));
      const whole = { name: 'scrape', role: 'owner', actions: ['read'], storeIds: null, expiresInDays: null } as const;
      const body = { ...whole, ...over } as KeyBody;
      const maker = { role: 'owner', actions: null, storeIds: null, endsAtMs: null } as const;
      const { key } = await createApiKey(services, { by: asSystem(tenantId, 'test'), maker, body });
      return app.inject({ url: '/metrics', headers: { authorization: `Bearer ${key}` } });
    };
    const { tenantId } = services;
    const store = await createVectorStore(services, { by: asSystem(tenantId, 'test'), fields: { name: 'One' } });
    expect((await scrape(tenantId)).body).toContain('espejo_primary_stores{tenant="default"} 1');
    expect((await scrape(tenantId, { actions: null })).statusCode).toBe(200);
    for (const refused of [
      await scrape('globex'),
      await scrape(tenantId, { role: 'viewer', actions: null }),
      await scrape(tenantId, { role: 'admin', actions: null }),
      await scrape(tenantId, { storeIds: [store.id] }),
      await scrape(tenantId, { actions: ['write'] }),
    ]) {
      expect(refused.statusCode).toBe(403);
      expect(refused.body).not.toContain('espejo_primary_stores');
    }
    expect((await scrape(tenantId)).body).toContain('espejo_primary_stores{tenant="globex"} 0');
  });
});

it('/api/openapi.json is built once, and answered 304 to clients that have it', async () => {
  const { app } = await setUp();
  const first = await app.inject('/api/openapi.json');
  const { etag } = first.headers;
  expect(first.json().openapi).toBe('3.1.0');
  const again = await app.inject({ url: '/api/openapi.json', headers: { 'if-none-match': String(etag) } });
  expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
  const other = await app.inject({ url: '/api/openapi.json', headers: { 'if-none-match': '"other"' } });
  expect([other.statusCode, other.body]).toEqual([200, first.body]);
});

describe('an internal error', () => {
  it('is answered 500 without internals, and logged with the request’s id', async () => {
    const { app, log } = await setUp(({ db }) => ({
      db: {
        ...db,
        read: new Proxy(db.read, {
          get: () => {
            throw new Error('no such column: secret_thing');
          },
        }),
      },
    }));
    const response = await app.inject({
      url: '/api/vector-stores',
      headers: { host: 'localhost', 'x-request-id': 'trace-7' },
    });
    expect(response.statusCode).toBe(500);
    const requestId = String(response.headers['x-request-id']);
    expect(requestId).toMatch(/^req_[0-9a-f]{32}$/);
    expect(response.json()).toEqual({ error: { code: 'internal', message: expect.any(String), requestId } });
    expect(response.body).not.toContain('secret_thing');
    expect(log.join('')).toMatch(new RegExp(`"reqId":"${requestId}".*secret_thing`));
    expect(log.join('')).toContain('"callerRequestId":"trace-7"');
  });

  it('is answered when a response violates its own contract, which is not sent', async () => {
    const { app } = await setUp(({ db }) => ({
      db: {
        ...db,
        read: { ...db.read, connections: { ...db.read.connections, list: async () => [{ id: 'x' }] as never } },
      },
    }));
    const response = await app.inject({ url: '/api/connections', headers: { host: 'localhost' } });
    expect(response.statusCode).toBe(500);
    expect(response.json().error.code).toBe('internal');
  });
});

describe('routes', () => {
  it('exist for every entry of the contract table', async () => {
    const { app } = await setUp();
    const absent = Object.values<RouteContract>(CONSOLE_ROUTES).filter(
      ({ method, path }) => !app.hasRoute({ method, url: path }),
    );
    expect(absent).toEqual([]);
  });

  it('are unambiguous', () => {
    const places = Object.values<RouteContract>(CONSOLE_ROUTES).map(
      ({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`,
    );
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('an edit of a primary store', () => {
  it('is saved', async () => {
    const { app, services } = await setUp();
    const createdAtS = Math.floor(services.clock.nowMs() / 1000) - 86_400;
    await services.db.transaction((tx) =>
      tx.vectorStores.insertPrimary({
        tenantId: services.tenantId,
        id: 'vs_ours',
        name: 'Ours',
        createdAtS,
        nowMs: 0,
      }),
    );
    const patch = (payload: object) =>
      app.inject({ method: 'PATCH', url: '/api/vector-stores/vs_ours', headers: { host: 'localhost' }, payload });
    const edited = await patch({ name: 'Renamed', expiresAfter: { anchor: 'last_active_at', days: 30 } });
    expect(edited.statusCode).toBe(200);
    expect(edited.json()).toMatchObject({
      name: 'Renamed',
      expiresAt: createdAtS + 30 * 86_400,
      readOnlyReason: null,
    });
    for (const bad of [
      { name: 1 },
      { expiresAfter: { anchor: 'created_at', days: 1 } },
      { expiresAfter: { anchor: 'last_active_at', days: 366 } },
      { color: 'red' },
    ]) {
      expect((await patch(bad)).json().error.code).toBe('invalid_request');
    }
  });
});

describe('the event stream', () => {
  /** A run of another process: recorded as running, without events here. */
  async function foreignRun({ services }: Setup): Promise<string> {
    const id = 'run_elsewhere';
    await services.db.transaction((tx) =>
      tx.syncRuns.insert({
        tenantId: services.tenantId,
        id,
        connectionId: 'default',
        trigger: 'schedule',
        isDryRun: false,
        isFull: false,
        status: 'running',
        startedAtMs: 0,
        finishedAtMs: null,
        requestCount: 0,
        rateLimitedCount: 0,
        isComplete: false,
        isCancelRequested: false,
        progress: JSON.stringify({
          phase: 'starting',
          done: 0,
          total: null,
          ratePerSecond: 0,
          etaSeconds: null,
          requests: 0,
        }),
        counters: JSON.stringify({ stores: zero(), attachments: zero(), files: zero() }),
        plan: null,
        errorCode: null,
        errorMessage: null,
        approvedAtMs: null,
      }),
    );
    return id;
  }
  const zero = () => ({ seen: 0, added: 0, changed: 0, returned: 0, missing: 0, removed: 0, failed: 0 });
  async function listen({ app }: Setup): Promise<string> {
    return app.listen({ host: '127.0.0.1', port: 0 });
  }

  it('follows the database for a run of another process', async () => {
    const setup = await setUp();
    const id = await foreignRun(setup);
    const response = await fetch(`${await listen(setup)}/api/sync-runs/${id}/events`);
    const text = response.text();
    await setup.services.db.transaction((tx) =>
      tx.syncRuns.update(setup.services.tenantId, id, { status: 'succeeded', finishedAtMs: 1 }),
    );
    expect(await text).toMatch(
      /^event: progress\n.*\n\nevent: end\ndata: \{"id":"run_elsewhere".*"status":"succeeded".*\}\n\n$/s,
    );
  });

  it('does not delay the stop of the server', async () => {
    const setup = await setUp();
    const id = await foreignRun(setup);
    const response = await fetch(`${await listen(setup)}/api/sync-runs/${id}/events`);
    const text = response.text();
    // The run never ends: waiting for its end would not return.
    await setup.app.close();
    expect(await text).toMatch(/^event: progress/);
  });

  it('removes its listeners when the client disconnects', async () => {
    let subscribed = 0;
    const setup = await setUp(({ hub }) => ({
      hub: {
        ...hub,
        subscribe: (tenantId, runId, listener) => {
          const unsubscribe = hub.subscribe(tenantId, runId, listener);
          subscribed += 1;
          return () => {
            subscribed -= 1;
            unsubscribe();
          };
        },
      },
    }));
    const id = await foreignRun(setup);
    const url = `${await listen(setup)}/api/sync-runs/${id}/events`;
    const readers = Array.from({ length: 20 }, () => new AbortController());
    await Promise.all(readers.map((reader) => fetch(url, { signal: reader.signal })));
    expect(subscribed).toBe(20);
    for (const reader of readers) reader.abort();
    await expect.poll(() => subscribed).toBe(0);
    // Neither an unknown run nor a HEAD gets a stream.
    expect((await fetch(url.replace(id, 'run_none'))).status).toBe(404);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(404);
    expect(subscribed).toBe(0);
  });
});
