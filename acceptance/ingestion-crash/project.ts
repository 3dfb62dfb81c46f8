import { setTimeout as delay } from 'node:timers/promises';
import OpenAI, { toFile } from 'openai';
import { API_KEY } from '../support/espejo.ts';
import { contentOf, type Scenario } from './scenario.ts';

const POLL_MS = 25;
const WAIT_MAX_MS = 600_000;

/** A file as its store lists it. */
export interface Ended {
  readonly status: string;
  readonly lastError: { readonly code: string; readonly message: string } | null;
  readonly usageBytes: number;
}

/** Idempotent actions of a user in one Espejo, through the official SDK. */
export interface Project {
  readonly fileIds: readonly string[];
  readonly storeIds: readonly string[];
  /** Switches to the process that runs now. */
  connect(url: string): void;
  /** Uploads the files and creates the stores, empty. */
  prepare(): Promise<void>;
  attachAll(): Promise<void>;
  endSome(): Promise<void>;
  /** Waits until no file of any store is in progress. */
  settle(): Promise<void>;
  /** By store: the results of its files by filename, and its own row. */
  look(): Promise<{ counts: unknown; usageBytes: number; files: Record<string, Ended> }[]>;
  /** By store: the results of a search, as text. */
  search(query: string): Promise<string[]>;
}

export function createProject(seed: number, scenario: Scenario): Project {
  const fileIds: string[] = [];
  const storeIds: string[] = [];
  /** Files whose deletion was requested, answered or not; they are not attached again. */
  const goneIds = new Set<string>();
  let openai = new OpenAI({ apiKey: API_KEY, baseURL: 'http://127.0.0.1:9/v1', maxRetries: 0 });
  const nameOf = (fileId: string) => contentOf(seed, scenario.files, fileIds.indexOf(fileId)).name;

  return {
    fileIds,
    storeIds,
    connect(url) {
      openai = new OpenAI({ apiKey: API_KEY, baseURL: `${url}/v1`, maxRetries: 0 });
    },
    async prepare() {
      for (const at of scenario.files.keys()) {
        const { name, text } = contentOf(seed, scenario.files, at);
        const file = await openai.files.create({ file: await toFile(Buffer.from(text), name), purpose: 'assistants' });
        fileIds.push(file.id);
      }
      for (const at of scenario.stores.keys()) {
        storeIds.push((await openai.vectorStores.create({ name: `Seed ${seed} store ${at}` })).id);
      }
    },
    async attachAll() {
      const wishes = scenario.stores.flatMap(({ files, isBatch, maxTokens, overlapTokens }, at): Promise<unknown>[] => {
        const storeId = storeIds[at] ?? '';
        const ids = files.map((file) => fileIds[file] ?? '').filter((id) => !goneIds.has(id));
        if (ids.length === 0) return [];
        const chunking_strategy = {
          type: 'static' as const,
          static: { max_chunk_size_tokens: maxTokens, chunk_overlap_tokens: overlapTokens },
        };
        if (isBatch) {
          return [openai.vectorStores.fileBatches.create(storeId, { file_ids: ids, chunking_strategy })];
        }
        return ids.map((file_id) => openai.vectorStores.files.create(storeId, { file_id, chunking_strategy }));
      });
      await Promise.all(wishes);
    },
    async endSome() {
      for (const [store, file] of scenario.detached) {
        const storeId = storeIds[store];
        if (storeId === undefined || !scenario.stores[store]?.files.includes(file)) continue;
        await unlessGone(openai.vectorStores.files.delete(fileIds[file] ?? '', { vector_store_id: storeId }));
      }
      for (const file of scenario.deleted) {
        goneIds.add(fileIds[file] ?? '');
        await unlessGone(openai.files.delete(fileIds[file] ?? ''));
      }
    },
    async settle() {
      for (let waitedMs = 0; ; waitedMs += POLL_MS) {
        const stores = await Promise.all(storeIds.map((id) => openai.vectorStores.retrieve(id)));
        if (stores.every((store) => store.file_counts.in_progress === 0)) return;
        if (waitedMs > WAIT_MAX_MS) throw new Error(`Files are in progress for ever: ${JSON.stringify(stores)}`);
        await delay(POLL_MS);
      }
    },
    async look() {
      return Promise.all(
        storeIds.map(async (id) => {
          const files: Record<string, Ended> = {};
          for await (const file of openai.vectorStores.files.list(id, { limit: 2 })) {
            files[nameOf(file.id)] = { status: file.status, lastError: file.last_error, usageBytes: file.usage_bytes };
          }
          const store = await openai.vectorStores.retrieve(id);
          return { counts: store.file_counts, usageBytes: store.usage_bytes, files };
        }),
      );
    },
    async search(query) {
      return Promise.all(
        storeIds.map(async (id) => {
          const { data } = await openai.vectorStores.search(id, { query, max_num_results: 10 });
          // The order of equal results, and which of two equal chunks is the last, are undefined.
          const found = data.map((hit) => [hit.score.toFixed(6), hit.filename.replace(/^twin-\d+/, 'twin')]);
          return JSON.stringify(found.sort().reverse());
        }),
      );
    },
  };
}

/** Accepts the error of an action that an interrupted request had already done. */
async function unlessGone(request: Promise<unknown>): Promise<void> {
  await request.catch((cause: unknown) => {
    if (!(cause instanceof OpenAI.NotFoundError)) throw cause;
  });
}
