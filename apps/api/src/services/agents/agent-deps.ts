import type { Database, Repositories } from '@espejo/db';
import type { Clock } from '../../ports.ts';

export interface AgentDeps {
  readonly db: Database;
  readonly clock: Clock;
}

/** Where agents are looked up: the last committed state, or a transaction's own. */
export interface AgentReader {
  readonly db: { readonly read: Pick<Repositories, 'agents'> };
}
