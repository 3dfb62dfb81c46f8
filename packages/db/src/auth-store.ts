import { AsyncLocalStorage } from 'node:async_hooks';
import { drizzleAdapter } from '@better-auth/drizzle-adapter';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import type { Handle } from './connect.ts';
import { type Database, handleOf } from './database.ts';
import type { Repositories } from './repositories/index.ts';
import { authAccount, authSession, authUser } from './schema/index.ts';

const MODELS = { user: authUser, session: authSession, account: authAccount };

/** What better-auth keeps its people in. */
export interface AuthStore {
  /** For better-auth's `database`. */
  readonly adapter: ReturnType<typeof drizzleAdapter>;
  /**
   * A write transaction as `Database.transaction` makes it, in which what better-auth writes takes part: all of it is
   * committed with the rest, or nothing is. The same rule holds: nothing in it may wait for anything but the database,
   * so a password is hashed before.
   */
  transaction<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
}

/** A transaction, while it lasts: what somebody left running after its end must not write into another one. */
interface Turn {
  readonly handle: Handle;
  isOpen: boolean;
}

/**
 * Lets better-auth write through the one writer (docs/adr/0002, 0008). Its statements go to the transaction they are
 * made in; else reads go to the read connection and each write is a transaction of its own.
 */
export function createAuthStore(db: Database): AuthStore {
  const current = new AsyncLocalStorage<Turn>();

  const orm = drizzle(
    async (sqlText, values, method) => {
      const turn = current.getStore();
      if (turn?.isOpen === true) return execute(turn.handle, sqlText, values, method);
      const reader = handleOf(db.read);
      if (reader.statement(sqlText).readonly) return execute(reader, sqlText, values, method);
      return db.transaction(async (tx) => execute(handleOf(tx), sqlText, values, method));
    },
    { schema: MODELS },
  );

  return {
    adapter: drizzleAdapter(orm, { provider: 'sqlite', schema: MODELS, transaction: false }),
    transaction: (work) =>
      db.transaction(async (tx) => {
        const turn: Turn = { handle: handleOf(tx), isOpen: true };
        try {
          return await current.run(turn, () => work(tx));
        } finally {
          turn.isOpen = false;
        }
      }),
  };
}

type Method = 'run' | 'all' | 'values' | 'get';

/** Rows as arrays, the way the proxy reads them; and for a statement without rows, how many it changed. */
function execute(handle: Handle, sqlText: string, values: unknown[], method: Method) {
  const statement = handle.statement(sqlText);
  if (!statement.reader) return { rows: [], changes: statement.run(...values).changes };
  const rows = statement.raw().all(...values);
  // The proxy maps one row as it maps many; none is undefined there, whatever its types say.
  return { rows: method === 'get' ? (rows[0] as unknown[]) : rows };
}
