import type { ConnectionRow } from '@espejo/db';
import type { UpstreamSearcher } from '@espejo/upstream';
import type { PrimaryDeps } from '../ingestion/content-deps.ts';
import type { SearchMeter } from '../quotas/search-meter.ts';

export interface SearchDeps extends Pick<PrimaryDeps, 'db' | 'clock' | 'index' | 'embedders'> {
  readonly searchMeter: Pick<SearchMeter, 'take'>;
  readonly searcherFor: (connection: ConnectionRow) => UpstreamSearcher;
}
