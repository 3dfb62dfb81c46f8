import type { Database } from '@espejo/db';
import type { Clock } from '../../ports.ts';

export interface VectorStoreDeps {
  readonly db: Database;
  readonly clock: Clock;
}
