import { createSandbox, createSandboxFetch } from '@espejo/sandbox';
import { createFakeEmbedder } from '../testing/fake-embedder.ts';
import { createMemoryEmbeddingCache } from '../testing/memory-embedding-cache.ts';
import { createCachingEmbedder } from './caching-embedder.ts';
import { describeEmbedder } from './embedder.suite.ts';
import { createLexicalEmbedder } from './lexical-embedder.ts';
import { createOpenAiEmbedder } from './openai-embedder.ts';

describeEmbedder('the lexical embedder', createLexicalEmbedder);
describeEmbedder('the fake', createFakeEmbedder);
describeEmbedder('a cached embedder', () => createCachingEmbedder(createFakeEmbedder(), createMemoryEmbeddingCache()));
describeEmbedder('the remote embedder', () =>
  createOpenAiEmbedder({
    baseUrl: 'http://sandbox.test/v1',
    apiKey: 'sk-sandbox',
    model: 'text-embedding-3-small',
    dimensions: 256,
    isDimensionsSent: true,
    deps: { random: () => 0.5, nowMs: () => 0, fetch: createSandboxFetch(createSandbox()) },
  }),
);
