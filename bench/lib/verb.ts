import { ListVectorStoresQuery, VectorStoreFilter } from '@espejo/contracts';
import type { Services } from '../../apps/api/src/services/services.ts';
import {
  countVectorStoreFacets,
  listVectorStores,
} from '../../apps/api/src/services/vector-stores/list-vector-stores.ts';

/** Calls the verb of each console path without HTTP; returns the ms of each call. */
export async function measureVerb(
  services: Services,
  input: { paths: readonly string[]; isAfterWrite: boolean },
): Promise<number[]> {
  const ms: number[] = [];
  for (const path of input.paths) {
    const call = callOf(services, path);
    if (input.isAfterWrite) await writeSomething(services);
    const startedAt = performance.now();
    await call();
    ms.push(performance.now() - startedAt);
  }
  return ms;
}

function callOf(services: Services, path: string): () => Promise<unknown> {
  const { pathname, searchParams } = new URL(path, 'http://bench');
  const { tenantId } = services;
  const given = Object.fromEntries(searchParams);
  if (pathname.endsWith('/facets')) {
    const query = VectorStoreFilter.parse(given);
    return () => countVectorStoreFacets(services, { tenantId, query });
  }
  const query = ListVectorStoresQuery.parse(given);
  return () => listVectorStores(services, { tenantId, query });
}

export async function writeSomething({ db, tenantId, clock }: Services): Promise<void> {
  await db.transaction((tx) => tx.connections.update(tenantId, 'default', { updatedAtMs: clock.nowMs() }));
}
