import OpenAI from 'openai';
import { describe } from 'vitest';
import { describeOpenaiSdk } from './openai-sdk.suite.ts';
import { startSandbox } from './start-sandbox.ts';

describe('the official SDK, over HTTP', () => {
  describeOpenaiSdk(async (options) => {
    const sandbox = await startSandbox(options);
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: sandbox.url, maxRetries: 0 });
    return { sandbox, client, close: () => sandbox.close() };
  });
});
