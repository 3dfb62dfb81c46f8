import { createHash } from 'node:crypto';
import type { RunningSandbox } from '@espejo/sandbox';
import type { Espejo } from '../support/espejo.ts';
import { until } from '../support/sync.ts';
import type { RequestSources } from './target.ts';

const OWN_STORES = 4;
const FILES = ['Lighthouses guide ships at night.', 'An invoice over twelve harbours.'];

export interface World {
  /** Objects that requests may name and change. */
  readonly sources: RequestSources;
  /** Stores that no request names. */
  readonly untouchedIds: readonly string[];
  /** Keys with limited rights. */
  readonly lesserKeys: readonly string[];
}

/** Mirrored and primary stores and files; requests name one half of them and never the other. */
export async function buildWorld(espejo: Espejo, sandbox: RunningSandbox): Promise<World> {
  const own = await Promise.all(Array.from({ length: OWN_STORES }, (_, index) => makeStore(espejo, `own ${index}`)));
  const mirrors = (await espejo.call('listVectorStores', { query: { source: 'cache', limit: 200 } })).data;
  const half = <T>(rows: readonly T[]) => [rows.slice(0, rows.length / 2), rows.slice(rows.length / 2)] as const;
  const [ownNamed, ownUntouched] = half(own.map(({ id }) => id));
  const [mirrorsNamed, mirrorsUntouched] = half(mirrors.map(({ id }) => id));
  const [runs, ...pages] = await Promise.all([
    espejo.call('listSyncRuns', {}),
    espejo.call('listVectorStores', { query: { limit: 1 } }),
    espejo.call('listVectorStores', { query: { limit: 1, sort: 'name', order: 'asc' } }),
    espejo.call('listFiles', { query: { limit: 1 } }),
  ]);
  const fileIds = own.slice(0, OWN_STORES / 2).flatMap((store) => store.fileIds);
  const lesser = await Promise.all([
    espejo.call('createApiKey', { body: { name: 'viewer', role: 'viewer' } }),
    espejo.call('createApiKey', { body: { name: 'one store', role: 'editor', storeIds: ownNamed.slice(0, 1) } }),
    espejo.call('createApiKey', { body: { name: 'searches', role: 'admin', actions: ['search'] } }),
  ]);
  return {
    lesserKeys: lesser.map((made) => made.key),
    sources: {
      baseUrl: sandbox.url,
      ids: ['default', ...ownNamed, ...mirrorsNamed, ...fileIds, ...runs.data.map(({ id }) => id)],
      cursors: pages.map((page) => page.nextCursor ?? ''),
    },
    untouchedIds: [...ownUntouched, ...mirrorsUntouched],
  };
}

async function makeStore(espejo: Espejo, name: string): Promise<{ id: string; fileIds: string[] }> {
  const { id } = await espejo.call('createVectorStore', { body: { name, metadata: { team: 'sea' } } });
  const fileIds: string[] = [];
  for (const [index, text] of FILES.entries()) {
    // No two stores share a file, so that a deletion in one does not affect another.
    const path = `/api/vector-stores/${id}/uploads?filename=${index}.txt`;
    const body = `${text} ${name}`;
    const answer = await espejo.request('POST', path, { body, headers: { 'content-type': 'text/plain' } });
    fileIds.push((answer.json as { id: string }).id);
  }
  await until(`the files of ${name}`, async () => {
    const { status } = await espejo.call('getVectorStore', { params: { id } });
    return status === 'completed' ? status : undefined;
  });
  return { id, fileIds };
}

/**
 * One hash over stores, their files, attributes and texts. The expiry is left out, because an
 * operation with a filter may change it; so are values that change with time.
 */
export async function digestOf(espejo: Espejo, storeIds: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const id of storeIds) {
    const { name, source, metadata, fileCounts, usageBytes, createdAt } = await espejo.call('getVectorStore', {
      params: { id },
    });
    hash.update(JSON.stringify({ id, name, source, metadata, fileCounts, usageBytes, createdAt }));
    const files = await espejo.call('listVectorStoreFiles', { params: { id }, query: { limit: 200 } });
    const rows = files.data.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    for (const { id: fileId, filename, bytes, status, attributes } of rows) {
      hash.update(JSON.stringify({ fileId, filename, bytes, status, attributes }));
      if (source !== 'primary') continue;
      const { data } = await espejo.call('listFileChunks', { params: { id, fileId }, query: {} });
      hash.update(JSON.stringify(data.map(({ text }) => text)));
    }
  }
  return hash.digest('hex');
}
