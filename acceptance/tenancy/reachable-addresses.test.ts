import type { ConnectionTestResult } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveHtml, startTroubledServer } from '../support/broken-servers.ts';
import { API_KEY, type Espejo, freePort, startEspejo } from '../support/espejo.ts';
import { firstTenant, PROJECTS, secondTenant, type Tenant } from './open-tenants.ts';

let sandbox: RunningSandbox;
let espejo: Espejo;
let operator: Tenant;
let tenant: Tenant;

beforeAll(async () => {
  sandbox = await startSandbox({ keys: PROJECTS });
  espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
  operator = await firstTenant(espejo, API_KEY);
  tenant = await secondTenant(espejo);
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

/** The result of a connection test without its duration. */
async function testUrl(who: Tenant, baseUrl: string): Promise<Omit<ConnectionTestResult, 'latencyMs'>> {
  const { latencyMs: _, ...rest } = await who.call('testNewConnection', { body: { baseUrl, apiKey: 'sk-first' } });
  return rest;
}

describe('a tenant that is not the first one', () => {
  it('cannot connect to this machine and learns nothing of what listens there', async () => {
    const heard: string[] = [];
    await using page = await startTroubledServer((request, response) => {
      heard.push(`${request.method} ${request.url}`);
      serveHtml(request, response);
    });
    const [api, web] = [new URL(sandbox.url), new URL(page.url)];
    const none = `http://127.0.0.1:${await freePort()}/v1`;
    const expected = {
      ok: false,
      code: 'upstream_unavailable',
      message: expect.stringContaining("No server that speaks OpenAI's API answered"),
      permissions: expect.arrayContaining([]),
      organization: null,
      project: null,
    };
    const first = await testUrl(tenant, none);
    expect(first).toEqual(expected);
    for (const url of [
      sandbox.url,
      page.url,
      `http://0.0.0.0:${web.port}/v1`,
      `http://2130706433:${web.port}/v1`,
      `http://localhost:${api.port}/v1`,
      `http://[::ffff:7f00:1]:${api.port}/v1`,
      `${espejo.url}/v1`,
      'http://no-such-host.invalid/v1',
    ]) {
      expect([url, await testUrl(tenant, url)]).toEqual([url, first]);
    }
    expect(heard).toEqual([]);
    expect(sandbox.requests.total).toBe(0);

    // The same for a saved connection, in its test and its health.
    const body = { name: 'Inside', baseUrl: sandbox.url, apiKey: 'sk-first', isSyncEnabled: false };
    const { id } = await tenant.call('createConnection', { body });
    const { latencyMs: _, ...saved } = await tenant.call('testConnection', { params: { id } });
    expect(saved).toEqual(first);
    const { health } = await tenant.call('getConnection', { params: { id } });
    expect(health).toMatchObject({ status: 'unavailable', message: first.message });
    expect(sandbox.requests.total).toBe(0);
    // The log has the reason for the operator.
    expect(espejo.log).toContain('is not a public address');
  });
});

describe('the first tenant', () => {
  it('can connect to this machine and gets its errors', async () => {
    await using page = await startTroubledServer(serveHtml);
    const none = `http://127.0.0.1:${await freePort()}/v1`;
    expect(await testUrl(operator, sandbox.url)).toMatchObject({ ok: true });
    expect((await testUrl(operator, page.url)).message).toContain('a web page');
    expect((await testUrl(operator, none)).message).toContain('ECONNREFUSED');
  });

  it.each([302, 307])('does not follow a redirect with %i and gets an error that says so', async (status) => {
    const heard: string[] = [];
    await using target = await startTroubledServer((request, response) => {
      heard.push(`${request.method} ${request.url}`);
      serveHtml(request, response);
    });
    await using upstream = await startTroubledServer((_, response) => {
      response.writeHead(status, { location: `${target.url}/internal/admin?cmd=run` }).end();
    });
    expect((await testUrl(operator, upstream.url)).message).toContain(`a redirect (HTTP ${status})`);
    expect(heard).toEqual([]);
  });
});
