import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONSOLE_ROUTES, type RouteContract } from '@espejo/contracts';
import { WIRE_ROUTES } from '@espejo/contracts/openai';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { loadConfig } from '../config.ts';
import { wire } from '../wire.ts';
import { lintDocument } from './lint-document.ts';

interface Media {
  readonly schema?: object;
  readonly example?: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly content?: Readonly<Record<string, Media>> }>
  >;
}
interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, unknown>> };
}

const dataDir = mkdtempSync(join(tmpdir(), 'espejo-openapi-'));
const documents = new Map<string, Document>();
let stop = async () => {};

beforeAll(async () => {
  const logger = pino({ level: 'silent' });
  const services = await wire(loadConfig({ ESPEJO_DATA_DIR: dataDir, ESPEJO_SYNC_ENABLED: 'false' }), logger);
  const app = await createApp({ services, auth: { apiKey: null, consoleToken: null, trustedProxies: 0 }, logger });
  stop = async () => {
    await app.close();
    await services.stop();
    await services.close();
  };
  for (const path of ['/api/openapi.json', '/v1/openapi.json']) documents.set(path, (await app.inject(path)).json());
});
afterAll(async () => {
  await stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const documentAt = (path: string): Document => {
  const document = documents.get(path);
  if (document === undefined) throw new Error(`there is no document at ${path}`);
  return document;
};
const operationsOf = (document: Document) =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );

describe.each(['/api/openapi.json', '/v1/openapi.json'])('the OpenAPI document at %s', (path) => {
  it('passes the linter', async () => {
    expect(await lintDocument(documentAt(path))).toEqual([]);
  });

  it('names servers, among them the one it comes from', () => {
    const urls = documentAt(path).servers.map(({ url }) => url);
    expect(urls).toContain(path.startsWith('/v1') ? '/v1' : '/');
    expect(urls.length).toBeGreaterThan(1);
  });

  it('describes every operation with its errors and examples', () => {
    const lacking = operationsOf(documentAt(path)).flatMap(({ name, operation }) => {
      const { summary = '', description = '', requestBody, responses } = operation;
      const json = [requestBody, ...Object.values(responses)].flatMap(
        (part) => part?.content?.['application/json'] ?? [],
      );
      const statuses = Object.keys(responses);
      const faults = [
        ...(summary.length > 5 ? [] : ['summary']),
        ...(description.length > 20 && description !== summary ? [] : ['description']),
        ...(json.every(({ example }) => example !== undefined) ? [] : ['example']),
        ...(['403', '415', '500'].every((status) => statuses.includes(status)) ? [] : ['statuses of errors']),
      ];
      return faults.map((fault) => `${name}: ${fault}`);
    });
    expect(lacking).toEqual([]);
  });
});

describe('the OpenAPI document of /api', () => {
  it('has examples that pass the contracts they show', () => {
    const byId = new Map(
      operationsOf(documentAt('/api/openapi.json')).map(({ operation }) => [operation.operationId, operation]),
    );
    const wrong = Object.entries<RouteContract>(CONSOLE_ROUTES).flatMap(([operationId, { body, status, response }]) => {
      const operation = byId.get(operationId);
      const sent = operation?.requestBody?.content['application/json']?.example;
      const answered = operation?.responses[String(status)]?.content?.['application/json']?.example;
      return [
        ...(body === undefined ? [] : [{ operationId, part: 'body', result: body.safeParse(sent) }]),
        ...(status === 204 ? [] : [{ operationId, part: 'answer', result: response.safeParse(answered) }]),
      ].filter(({ result }) => !result.success);
    });
    expect(
      wrong.map(
        ({ operationId, part, result }) =>
          `${operationId} ${part}: ${result.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`,
      ),
    ).toEqual([]);
  });
});

describe('the OpenAPI document of /v1', () => {
  it('lists every route of the table, and no other', () => {
    const known = Object.entries(WIRE_ROUTES).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
    );
    expect(
      operationsOf(documentAt('/v1/openapi.json'))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(known.sort());
  });
});
