import { rm } from 'node:fs/promises';
import { createSandbox, createSandboxFetch } from '@espejo/sandbox';
import { afterAll } from 'vitest';
import { createFakeEmbedder } from '../testing/fake-embedder.ts';
import { floatTensor, makeModelFolder, wordPieceTokenizer } from '../testing/make-static-model.ts';
import { createMemoryEmbeddingCache } from '../testing/memory-embedding-cache.ts';
import { createCachingEmbedder } from './caching-embedder.ts';
import { describeEmbedder } from './embedder.suite.ts';
import { createLexicalEmbedder } from './lexical-embedder.ts';
import { createOpenAiEmbedder } from './openai-embedder.ts';
import { openStaticEmbedder } from './static/static-embedder.ts';

describeEmbedder('the lexical embedder', createLexicalEmbedder);
describeEmbedder('the fake', createFakeEmbedder);

const tokens = ['[UNK]', 'the', 'quick', 'brown', 'fox', 'a', 'lazy', 'dog', 'same', 'text'];
const folder = await makeModelFolder({
  tensors: { embeddings: floatTensor(tokens.map((_, at) => [at, 1, (at * 7) % 5, -at])) },
  tokenizer: wordPieceTokenizer(tokens),
});
const fromFolder = await openStaticEmbedder(folder);
afterAll(() => rm(folder, { recursive: true, force: true }));
describeEmbedder('a model in a folder', () => fromFolder);

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
