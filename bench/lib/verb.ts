import { ListVectorStoresQuery, VectorStoreFilter } from '@espejo/contracts';
import {
  countVectorStoreFacets,
  listVectorStores,
} from '../../apps/api/src/services/vector-stores/list-vector-stores.ts';
import type { Services } from '../../apps/api/src/wire.ts';

/** Calls the verb behind a console URL, without HTTP: ms of each call. */
export async function measureVerb(services: Services, url: string, count: number): Promise<number[]> {
  const { pathname, searchParams } = new URL(url, 'http://bench');
  const { tenantId } = services;
  const given = Object.fromEntries(searchParams);
  const call = pathname.endsWith('/facets')
    ? () => countVectorStoreFacets(services, { tenantId, query: VectorStoreFilter.parse(given) })
    : () => listVectorStores(services, { tenantId, query: ListVectorStoresQuery.parse(given) });
  const ms: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const startedAt = performance.now();
    await call();
    ms.push(performance.now() - startedAt);
  }
  return ms;
}
