import type { ConnectionRow } from '@espejo/db';
import type { UpstreamSearcher } from '@espejo/upstream';
import type { PrimaryDeps } from '../ingestion/content-deps.ts';

export interface SearchDeps extends Pick<PrimaryDeps, 'db' | 'clock' | 'index' | 'embedders'> {
  readonly searcherFor: (connection: ConnectionRow) => UpstreamSearcher;
}
