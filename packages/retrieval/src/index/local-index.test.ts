import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryIndex } from '../testing/memory-index.ts';
import { createLocalIndex } from './local-index.ts';
import { describeVectorIndex } from './vector-index.suite.ts';

describeVectorIndex('the memory index', async () => ({ index: createMemoryIndex(), stop: async () => undefined }));

describeVectorIndex('the local index', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'index-'));
  let tokens = 0;
  const index = createLocalIndex({
    folder,
    workerCount: 1,
    memoryBytesMax: 2 ** 24,
    openStoresMax: 8,
    newToken: () => `token-${++tokens}`,
  });
  return {
    index,
    async stop() {
      await index.closeAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
