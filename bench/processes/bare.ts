import OpenAI, { NotFoundError } from 'openai';
import { serve } from '../lib/remote.ts';

/** The listings a loop reads; the same pages as a sync of that kind. */
export interface BareListing {
  readonly baseUrl: string;
  readonly concurrency: number;
  readonly hasAttachments: boolean;
  readonly hasFiles: boolean;
}

const methods = {
  /** Lists with only the official SDK and discards the rows. */
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
  /**
   * Deletes every store with all its files, with the calls of a careful script: it reads twice (for the plan and before
   * the deletion), detaches, deletes, and checks that it is gone.
   */
  async deleteAll(input: { readonly baseUrl: string; readonly concurrency: number }): Promise<{
    ms: number;
    cpuMs: number;
  }> {
    const client = new OpenAI({ baseURL: input.baseUrl, apiKey: 'sk-bench' });
    const startedAt = performance.now();
    const cpu = process.cpuUsage();
    await readMembers(client, input.concurrency);
    const members = await readMembers(client, input.concurrency);
    await inParallel(input.concurrency, [...members], async ([storeId, fileIds]) => {
      for (const fileId of fileIds) {
        await client.vectorStores.files.delete(fileId, { vector_store_id: storeId });
        await client.files.delete(fileId);
        await requireGone(client.files.retrieve(fileId));
      }
      const left = await client.vectorStores.files.list(storeId, { limit: 100, order: 'asc' });
      if (left.data.length > 0) throw new Error(`Store ${storeId} is not empty.`);
      await client.vectorStores.delete(storeId);
      await requireGone(client.vectorStores.retrieve(storeId));
    });
    const used = process.cpuUsage(cpu);
    return { ms: performance.now() - startedAt, cpuMs: (used.user + used.system) / 1000 };
  },
};
export type BareMethods = typeof methods;

async function readMembers(client: OpenAI, concurrency: number): Promise<ReadonlyMap<string, readonly string[]>> {
  const members = new Map<string, string[]>();
  for await (const store of client.vectorStores.list({ limit: 100, order: 'asc' })) members.set(store.id, []);
  await inParallel(concurrency, [...members], async ([storeId, fileIds]) => {
    for await (const file of client.vectorStores.files.list(storeId, { limit: 100, order: 'asc' }))
      fileIds.push(file.id);
  });
  for await (const _file of client.files.list({ limit: 10_000, order: 'asc' }));
  return members;
}

async function inParallel<T>(
  concurrency: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function requireGone(lookup: Promise<{ id: string }>): Promise<void> {
  const found = await lookup.catch((cause: unknown) => {
    if (cause instanceof NotFoundError) return null;
    throw cause;
  });
  if (found !== null) throw new Error(`${found.id} is still there.`);
}

serve(methods);
