import { CONSOLE_ROUTES, type RouteContract } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { type OpenApiDocument, operationsOf, readDocument, resolved } from './document.ts';

let sandbox: RunningSandbox;
let espejo: Espejo;
let document: OpenApiDocument;

beforeAll(async () => {
  sandbox = await startSandbox();
  espejo = await startEspejo({ env: { OPENAI_BASE_URL: sandbox.url, ESPEJO_SYNC_ENABLED: 'false' } });
  document = await readDocument(espejo);
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

const SECURITY: Partial<Record<RouteContract['action'], unknown>> = { open: [], person: [{ session: [] }] };

describe('the OpenAPI document', () => {
  it('is valid', async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
    expect(result).toEqual({ valid: true });
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.version).toBe((await espejo.call('getStatus', {})).version);
  });

  it.each(Object.entries<RouteContract>(CONSOLE_ROUTES))(
    'describes %s as the contract does',
    (operationId, contract) => {
      const path = contract.path.replaceAll(/:(\w+)/g, '{$1}');
      const operation = document.paths[path]?.[contract.method.toLowerCase()];
      expect(operation).toMatchObject({
        operationId,
        summary: contract.summary,
        tags: [contract.tag],
        security: SECURITY[contract.action] ?? [{ bearer: [] }, { session: [] }],
      });
      const statuses = Object.keys(operation?.responses ?? {});
      expect(statuses).toEqual(expect.arrayContaining([String(contract.status), '403', '415', '500', 'default']));
      expect(statuses.filter((status) => /^[23]/.test(status))).toEqual([String(contract.status)]);
      const names = (where: string) => operation?.parameters?.filter((p) => p.in === where).map((p) => p.name) ?? [];
      expect(names('path')).toEqual([...contract.path.matchAll(/:(\w+)/g)].map(([, name]) => name));
      expect(names('query').length > 0).toBe(contract.query !== undefined);
      expect(operation?.requestBody !== undefined).toBe(contract.body !== undefined);
    },
  );

  it('describes the contract, the event streams, the upload, the export and nothing else', () => {
    const ids = operationsOf(document).map(({ operation }) => operation.operationId);
    expect(ids.sort()).toEqual(
      [
        ...Object.keys(CONSOLE_ROUTES),
        'streamDeletionEvents',
        'streamIngestionEvents',
        'streamSyncRunEvents',
        'exportAuditEvents',
        'uploadToVectorStore',
      ].sort(),
    );
    const events = document.paths['/api/sync-runs/{id}/events']?.get;
    expect(Object.keys(events?.responses['200']?.content ?? {})).toEqual(['text/event-stream']);
  });

  it('defines every schema it uses, and uses every schema it defines', () => {
    const text = JSON.stringify(document);
    const used = new Set([...text.matchAll(/#\/components\/schemas\/([^"]+)/g)].map((match) => match[1]));
    expect([...used].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  it('describes every error with the same schema', () => {
    const schema = { $ref: '#/components/schemas/Error' };
    for (const { operation } of operationsOf(document)) {
      expect(operation.responses.default?.content?.['application/json']?.schema).toEqual(schema);
      for (const [status, response] of Object.entries(operation.responses)) {
        const { description, content } = resolved(document, response);
        expect(description).not.toMatch(/^(Default Response)?$/);
        if (/^[45]/.test(status)) expect(content?.['application/json']?.schema.allOf?.[0]).toEqual(schema);
      }
    }
  });
});

describe('the reference page', () => {
  it('is served whole by this server and may load nothing from another', async () => {
    const page = await espejo.request('GET', '/api/docs', { key: null });
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(assets.length).toBeGreaterThan(4);
    for (const asset of assets) {
      const url = new URL(asset, `${espejo.url}/api/docs`);
      expect(url.origin).toBe(espejo.url);
      const answer = await espejo.request('GET', url.pathname, { key: null });
      expect({ asset, status: answer.status }).toEqual({ asset, status: 200 });
      expect(answer.text.length).toBeGreaterThan(100);
    }
    for (const [, host] of page.text.matchAll(/https?:\/\/([^/"']+)/g)) expect(host).toBe(new URL(espejo.url).host);
  });

  it('shows both documents and sends them to no external validator', async () => {
    const script = await espejo.request('GET', '/api/docs/static/swagger-initializer.js', { key: null });
    expect(script.text).toMatch(/"?validatorUrl"?\s*:\s*null/);
    const [, listed = ''] = /"?urls"?\s*:\s*(\[[^\]]*\])/.exec(script.text) ?? [];
    const paths = [...listed.matchAll(/"?url"?\s*:\s*"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(paths).toEqual(['/api/openapi.json', '/v1/openapi.json']);
    for (const path of paths) {
      const shown = await espejo.request('GET', path, { key: null });
      expect([shown.status, (shown.json as OpenApiDocument).openapi]).toEqual([200, '3.1.0']);
    }
  });
});
