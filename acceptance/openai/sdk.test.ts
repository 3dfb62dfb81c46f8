import { startSandbox } from '@espejo/sandbox';
import OpenAI from 'openai';
import { API_KEY, startEspejo } from '../support/espejo.ts';
import { describeSdk } from './sdk.suite.ts';

describeSdk('the official SDK and the sandbox', async () => {
  const sandbox = await startSandbox({ pollAfterMs: 1 });
  return {
    client: new OpenAI({ apiKey: 'sk-sandbox', baseURL: sandbox.url }),
    baseUrl: sandbox.url,
    embeddings: { model: 'text-embedding-3-small', dimensions: 1536 },
    close: () => sandbox.close(),
  };
});

describeSdk('the official SDK and Espejo', async () => {
  const espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
  const baseUrl = `${espejo.url}/v1`;
  return {
    client: new OpenAI({ apiKey: API_KEY, baseURL: baseUrl }),
    baseUrl,
    embeddings: { model: 'lexical-384', dimensions: 384 },
    close: async () => {
      await espejo[Symbol.asyncDispose]();
    },
  };
});
