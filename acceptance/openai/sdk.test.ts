import { startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApiDocument, operationsOf, readDocument } from '../openapi/document.ts';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { describeRecordings } from './recorded.suite.ts';
import { describeSdk } from './sdk.suite.ts';
import { OLDER_MAJORS, sdkOf7 } from './sdk-majors.ts';
import { describeStores } from './stores.suite.ts';
import { type Watch, watchAnswers } from './watch-answers.ts';

describeSdk('the official SDK and the sandbox', async () => {
  const sandbox = await startSandbox({ pollAfterMs: 1 });
  return {
    ...sdkOf7({ apiKey: 'sk-sandbox', baseURL: sandbox.url }),
    baseUrl: sandbox.url,
    embeddings: { model: 'text-embedding-3-small', dimensions: 1536 },
    close: () => sandbox.close(),
  };
});

describe('one running Espejo', () => {
  let espejo: Espejo;
  let document: OpenApiDocument;
  let watch: Watch;
  beforeAll(async () => {
    espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
    document = await readDocument(espejo, '/v1/openapi.json');
    watch = watchAnswers(document);
  });
  afterAll(() => espejo?.[Symbol.asyncDispose]());

  for (const [name, sdkOf] of Object.entries({ 'openai 7': sdkOf7, ...OLDER_MAJORS })) {
    describeSdk(`the official SDK ${name} and Espejo`, async () => ({
      ...sdkOf({ apiKey: API_KEY, baseURL: `${espejo.url}/v1`, fetch: watch.fetch }),
      baseUrl: `${espejo.url}/v1`,
      embeddings: { model: 'lexical-384', dimensions: 384 },
      close: async () => {},
    }));
  }
  const client = () => sdkOf7({ apiKey: API_KEY, baseURL: `${espejo.url}/v1`, fetch: watch.fetch }).client;
  describeRecordings(() => ({ client: client(), baseUrl: `${espejo.url}/v1`, apiKey: API_KEY }));
  describeStores(client);

  it('has answered every operation of the /v1 document as the document declares', () => {
    expect(watch.faults).toEqual([]);
    const known = operationsOf(document).map(({ method, path }) => `${method} /v1${path}`);
    expect([...watch.answered].sort()).toEqual(known.sort());
  });
});
