import type { Database, Repositories } from '@espejo/db';
import type { Clock } from '../../ports.ts';
import type { ExpirySettings } from '../expiry/expiry-settings.ts';

export interface VectorStoreDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly expiry: ExpirySettings;
}

/** Where stores are looked up: the last committed state, or a transaction's own. */
export interface StoreReader {
  readonly db: { readonly read: Pick<Repositories, 'vectorStores'> };
}
