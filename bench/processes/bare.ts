import OpenAI from 'openai';
import { serve } from '../lib/remote.ts';

/** Which listings a loop reads; the same pages that a sync of that kind asks for. */
export interface BareListing {
  readonly baseUrl: string;
  readonly concurrency: number;
  readonly hasAttachments: boolean;
  readonly hasFiles: boolean;
}

const methods = {
  /** Lists with the official SDK and nothing else, and throws the rows away. */
  async list(input: BareListing): Promise<{ ms: number; cpuMs: number; rowCount: number }> {
    const client = new OpenAI({ baseURL: input.baseUrl, apiKey: 'sk-bench' });
    const startedAt = performance.now();
    const cpu = process.cpuUsage();
    const query = { limit: 100, order: 'asc' } as const;
    let rowCount = 0;
    const storeIds: string[] = [];
    for await (const page of (await client.vectorStores.list(query)).iterPages()) {
      rowCount += page.data.length;
      for (const store of page.data) storeIds.push(store.id);
    }
    if (input.hasAttachments) {
      const queue = storeIds.values();
      const work = async () => {
        for (const id of queue) {
          for await (const page of (await client.vectorStores.files.list(id, query)).iterPages()) {
            rowCount += page.data.length;
          }
        }
      };
      await Promise.all(Array.from({ length: input.concurrency }, work));
    }
    if (input.hasFiles) {
      for await (const page of (await client.files.list({ limit: 10_000, order: 'asc' })).iterPages()) {
        rowCount += page.data.length;
      }
    }
    const used = process.cpuUsage(cpu);
    return { ms: performance.now() - startedAt, cpuMs: (used.user + used.system) / 1000, rowCount };
  },
};
export type BareMethods = typeof methods;

serve(methods);
