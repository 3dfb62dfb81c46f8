import OpenAI from 'openai';
import { describe } from 'vitest';
import { createSandbox } from './create-sandbox.ts';
import { describeOpenaiSdk } from './openai-sdk.suite.ts';
import { createSandboxFetch } from './sandbox-fetch.ts';

describe('the official SDK, without a socket', () => {
  describeOpenaiSdk(async (options) => {
    const sandbox = createSandbox(options);
    const client = new OpenAI({
      apiKey: 'sk-test',
      baseURL: 'http://sandbox.test/v1',
      maxRetries: 0,
      fetch: createSandboxFetch(sandbox),
    });
    return { sandbox, client, close: async () => {} };
  });
});
