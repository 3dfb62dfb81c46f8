import { callJson, type Send } from './http.ts';
import type { Stage } from './stage.ts';
import { words } from './texts.ts';

/** One kind of request and its function, which throws on an unexpected answer. */
export interface Act {
  readonly kind: string;
  perform(): Promise<void>;
}

/** A store that only its client changes. */
interface OwnStore {
  readonly id: string;
  name: string;
  readonly fileIds: string[];
}

const OWN_STORES_MAX = 3;
const FILE_WORDS = 300;
const LIST_QUERIES = [
  'limit=50',
  'source=primary&limit=50',
  'source=cache&status=completed',
  'status=in_progress',
  'sort=name&order=asc&limit=100',
  'sort=usageBytes&order=desc',
  'q=report&sort=files',
  'q=hand',
  'expiring=soon',
];
const FILE_QUERIES = ['limit=50', 'sort=bytes&order=desc', 'orphan=true', 'q=invoice'];

/** One client: mostly reads, sometimes searches, and creates, edits and deletes its own stores. */
export function createClient(input: { name: string; send: Send; stage: Stage; random: () => number }): {
  next(): Act;
  /** The expected state of the stores it has created and not deleted. */
  primaryStores(): readonly { readonly id: string; readonly name: string; readonly fileCount: number }[];
} {
  const { name, send, stage, random } = input;
  const own: OwnStore[] = [];
  let made = 0;
  const pick = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(random() * values.length)];
    if (value === undefined) throw new Error('The list to pick from is empty.');
    return value;
  };
  const look = (kind: string, path: string): Act => ({
    kind,
    perform: async () => void (await callJson(send, 'GET', path)),
  });
  const anyStore = () => pick(random() < 0.5 ? stage.primaryIds : stage.mirrorIds);

  function read(): Act {
    const chance = random();
    if (chance < 0.3) return look('list stores', `/api/vector-stores?${pick(LIST_QUERIES)}`);
    if (chance < 0.35) return look('count facets', '/api/vector-stores/facets');
    if (chance < 0.5) return look('get a store', `/api/vector-stores/${anyStore()}`);
    if (chance < 0.6) return look('list files of a store', `/api/vector-stores/${anyStore()}/files?limit=50`);
    if (chance < 0.7) return look('list files', `/api/files?${pick(FILE_QUERIES)}`);
    if (chance < 0.8) return look('status', '/api/status');
    if (chance < 0.9) return look('/v1 list stores', '/v1/vector_stores?limit=20');
    if (chance < 0.95) return look('/v1 list files of a store', `/v1/vector_stores/${anyStore()}/files?limit=20`);
    return look('/v1 list files', '/v1/files?limit=100');
  }

  function search(): Act {
    const id = pick(stage.primaryIds);
    const query = words(random, 2 + Math.floor(random() * 4));
    if (random() < 0.5)
      return {
        kind: 'search',
        async perform() {
          const path = `/api/vector-stores/${id}/search`;
          const body = { queries: [query], filters: null };
          requireHits(await callJson<{ results: unknown[] }>(send, 'POST', path, body).then(({ results }) => results));
        },
      };
    return {
      kind: '/v1 search',
      async perform() {
        const path = `/v1/vector_stores/${id}/search`;
        requireHits(await callJson<{ data: unknown[] }>(send, 'POST', path, { query }).then(({ data }) => data));
      },
    };
  }

  function edit(): Act {
    const store = own[Math.floor(random() * own.length)];
    const chance = random();
    if (store === undefined || (chance < 0.1 && own.length < OWN_STORES_MAX)) return create();
    if (chance < 0.2) return remove(store);
    if (chance < 0.45) return rename(store);
    const fileId = store.fileIds[Math.floor(random() * store.fileIds.length)];
    return fileId === undefined || chance < 0.75 ? upload(store) : setAttributes(store, fileId);
  }

  const create = (): Act => ({
    kind: 'create a store',
    async perform() {
      made += 1;
      const storeName = `${name} ${made}`;
      const { id } = await callJson<{ id: string }>(send, 'POST', '/api/vector-stores', { name: storeName });
      own.push({ id, name: storeName, fileIds: [] });
    },
  });
  const rename = (store: OwnStore): Act => ({
    kind: 'rename a store',
    async perform() {
      made += 1;
      const wanted = `${name} ${made}, renamed`;
      const path = `/api/vector-stores/${store.id}`;
      const { name: now } = await callJson<{ name: string }>(send, 'PATCH', path, { name: wanted });
      if (now !== wanted) throw new Error(`A store is called '${now}' after it was renamed to '${wanted}'.`);
      store.name = now;
    },
  });
  const upload = (store: OwnStore): Act => ({
    kind: 'upload and attach a file',
    async perform() {
      made += 1;
      const path = `/api/vector-stores/${store.id}/uploads?filename=note-${made}.txt`;
      const { status, text } = await send('POST', path, { type: 'text/plain', bytes: words(random, FILE_WORDS) });
      if (status !== 201) throw new Error(`POST ${path}: ${status} ${text}`);
      store.fileIds.push((JSON.parse(text) as { id: string }).id);
    },
  });
  const setAttributes = (store: OwnStore, fileId: string): Act => ({
    kind: 'set attributes of a file',
    async perform() {
      made += 1;
      const path = `/api/vector-stores/${store.id}/files/${fileId}`;
      const { attributes } = await callJson<{ attributes: { round: number } }>(send, 'PATCH', path, {
        attributes: { round: made, by: name },
      });
      if (attributes.round !== made) throw new Error('A file does not have the attributes that were set.');
    },
  });
  const remove = (store: OwnStore): Act => ({
    kind: 'delete a store',
    async perform() {
      await callJson(send, 'DELETE', `/v1/vector_stores/${store.id}?files=delete`);
      own.splice(own.indexOf(store), 1);
    },
  });

  return {
    next() {
      const chance = random();
      if (chance < 0.6) return read();
      return chance < 0.8 ? search() : edit();
    },
    primaryStores: () => own.map(({ id, name: called, fileIds }) => ({ id, name: called, fileCount: fileIds.length })),
  };
}

function requireHits(results: readonly unknown[]): void {
  if (results.length === 0) throw new Error('A search for words that every file contains found nothing.');
}
