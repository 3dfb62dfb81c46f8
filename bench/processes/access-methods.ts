import { CreateApiKeyBody, LIMITS, ListVectorStoresQuery, VectorStorePage } from '@espejo/contracts';
import { asSystem, authorize, type Principal } from '@espejo/core';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { pino } from 'pino';
import { createApp } from '../../apps/api/src/app.ts';
import { loadConfig } from '../../apps/api/src/config.ts';
import { authorizeRequest } from '../../apps/api/src/protocols/http/authorize-request.ts';
import { findKeyHolder } from '../../apps/api/src/services/api-keys/find-key-holder.ts';
import { createApiKey } from '../../apps/api/src/services/api-keys/manage-api-keys.ts';
import type { Services } from '../../apps/api/src/services/services.ts';
import { listVectorStores } from '../../apps/api/src/services/vector-stores/list-vector-stores.ts';
import { wire } from '../../apps/api/src/wire.ts';
import { fillStores } from '../lib/fill-stores.ts';
import { serve } from '../lib/remote.ts';

const URL = '/api/vector-stores?limit=50';
const OTHER_KEYS = 1_000;
const SILENT = pino({ level: 'silent' });
/** Compiled before it is measured. */
const WARM_UP = 2_000;

interface Running {
  readonly services: Services;
  readonly key: string;
  /** The list of stores, with and without authentication. */
  readonly keyed: FastifyInstance;
  readonly bare: FastifyInstance;
  /** The whole API. */
  readonly whole: FastifyInstance;
}
let running: Running | undefined;

const methods = {
  async open(input: { dataDir: string; upstreamUrl: string; storeCount: number }): Promise<void> {
    const config = loadConfig({
      ESPEJO_DATA_DIR: input.dataDir,
      ESPEJO_API_KEY: 'bench-owner-key-of-access',
      ESPEJO_SYNC_ENABLED: 'false',
      OPENAI_BASE_URL: input.upstreamUrl,
      OPENAI_API_KEY: 'sk-bench',
    });
    const services = await wire(config, SILENT);
    await fillStores(services, input.storeCount);
    // Other keys, as in a real installation.
    for (let count = 0; count < OTHER_KEYS; count += 1) await makeKey(services);
    const key = await makeKey(services);
    const keyed = listServer(services);
    keyed.addHook('onRequest', async (request) => {
      request.admission = await authorizeRequest(
        request,
        { services, auth: config },
        { action: 'read', isNarrowed: true },
      );
    });
    const whole = await createApp({ services, auth: config, logger: SILENT });
    running = { services, key, keyed, bare: listServer(services), whole };
  },
  async close(): Promise<void> {
    const { services, keyed, bare, whole } = opened();
    running = undefined;
    await Promise.all([keyed.close(), bare.close(), whole.close()]);
    await services.close();
  },
  /** The check alone, in microseconds per call. */
  async check(input: { count: number }): Promise<readonly number[]> {
    const { services, key } = opened();
    const holder = await findKeyHolder(services, key);
    if (holder === undefined) throw new Error('The key does not work.');
    const principal: Principal = { ...holder, requestId: 'req_bench', address: '127.0.0.1' };
    const once = () => authorize(principal, 'write', { storeId: 'vs_bench' });
    for (let count = 0; count < WARM_UP; count += 1) once();
    const micros: number[] = [];
    for (let count = 0; count < input.count; count += 1) {
      const startedAt = process.hrtime.bigint();
      once();
      micros.push(Number(process.hrtime.bigint() - startedAt) / 1_000);
    }
    return micros;
  },
  /** From the bearer token to its principal: hash, row and validity. */
  async lookUp(input: { count: number }): Promise<readonly number[]> {
    const { services, key } = opened();
    for (let count = 0; count < WARM_UP; count += 1) await findKeyHolder(services, key);
    const micros: number[] = [];
    for (let count = 0; count < input.count; count += 1) {
      const startedAt = process.hrtime.bigint();
      await findKeyHolder(services, key);
      micros.push(Number(process.hrtime.bigint() - startedAt) / 1_000);
    }
    return micros;
  },
  /** The same list request with and without a key, in turns: milliseconds of each. */
  async list(input: { count: number }): Promise<{ keyed: readonly number[]; bare: readonly number[] }> {
    const { key, keyed, bare } = opened();
    const ask = async (app: FastifyInstance): Promise<number> => {
      const startedAt = performance.now();
      const { statusCode } = await app.inject({ url: URL, headers: { authorization: `Bearer ${key}` } });
      if (statusCode !== 200) throw new Error(`${URL}: ${statusCode}`);
      return performance.now() - startedAt;
    };
    for (let count = 0; count < WARM_UP / 10; count += 1) await Promise.all([ask(keyed), ask(bare)]);
    const ms = { keyed: [] as number[], bare: [] as number[] };
    for (let count = 0; count < input.count; count += 1) {
      // The order of the two alternates, because the second one finds warm caches.
      const order = count % 2 === 0 ? (['keyed', 'bare'] as const) : (['bare', 'keyed'] as const);
      for (const name of order) ms[name].push(await ask(name === 'keyed' ? keyed : bare));
    }
    return ms;
  },
  /** Requests a store of another tenant and an unknown one, in turns; returns the milliseconds of each. */
  async strangers(input: { count: number }): Promise<{ foreign: readonly number[]; unknown: readonly number[] }> {
    const { services, whole } = opened();
    const tenantId = 'stranger';
    await services.db.transaction((tx) => tx.tenants.ensure({ id: tenantId, name: 'Stranger', createdAtMs: 0 }));
    const key = await makeKey(services, tenantId);
    const query = ListVectorStoresQuery.parse({ limit: 1 });
    const { data } = await listVectorStores(services, { tenantId: services.tenantId, query });
    const foreign = data[0]?.id ?? '';
    const ids = { foreign, unknown: `${foreign.slice(0, -8)}${'7'.repeat(8)}` };
    const ask = async (id: string): Promise<number> => {
      const url = `/api/vector-stores/${id}`;
      const startedAt = performance.now();
      const { statusCode } = await whole.inject({ url, headers: { authorization: `Bearer ${key}` } });
      if (statusCode !== 404) throw new Error(`${url}: ${statusCode}`);
      return performance.now() - startedAt;
    };
    for (let count = 0; count < WARM_UP / 4; count += 1) await ask(count % 2 === 0 ? ids.foreign : ids.unknown);
    const ms = { foreign: [] as number[], unknown: [] as number[] };
    for (let count = 0; count < input.count; count += 1) {
      const order = count % 2 === 0 ? (['foreign', 'unknown'] as const) : (['unknown', 'foreign'] as const);
      for (const name of order) ms[name].push(await ask(ids[name]));
    }
    return ms;
  },
};
export type AccessMethods = typeof methods;

/** A server with only the list of stores, parsed and rendered like the console's protocol. */
function listServer(services: Services): FastifyInstance {
  const app = fastify({ bodyLimit: LIMITS.jsonBodyBytesMax });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('admission');
  app.get('/api/vector-stores', {
    schema: { querystring: ListVectorStoresQuery, response: { 200: VectorStorePage } },
    handler: async (request) => {
      const query = request.query as ReturnType<typeof ListVectorStoresQuery.parse>;
      return listVectorStores(services, { tenantId: services.tenantId, storeIds: null, query });
    },
  });
  return app;
}

async function makeKey(services: Services, tenantId = services.tenantId): Promise<string> {
  const by = asSystem(tenantId, 'bench');
  const body = CreateApiKeyBody.parse({ name: 'bench', role: 'editor', expiresInDays: 30 });
  const maker = { role: 'owner', actions: null, storeIds: null, endsAtMs: null } as const;
  return (await createApiKey(services, { by, maker, body })).key;
}

function opened(): Running {
  if (running === undefined) throw new Error('open comes first');
  return running;
}

serve(methods);
