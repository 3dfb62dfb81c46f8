import { AsyncLocalStorage } from 'node:async_hooks';
import { drizzleAdapter } from '@better-auth/drizzle-adapter';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import type { Handle } from './connect.ts';
import { type Database, handleOf } from './database.ts';
import type { Repositories } from './repositories/index.ts';
import { authAccount, authSession, authUser } from './schema/index.ts';

const MODELS = { user: authUser, session: authSession, account: authAccount };

/** The tables of better-auth, behind the adapter that it needs. */
export interface AuthStore {
  /** For better-auth's `database`. */
  readonly adapter: ReturnType<typeof drizzleAdapter>;
  /**
   * A write transaction like `Database.transaction` that better-auth's writes join: they are committed with the rest,
   * or not at all. It must not wait for anything but the database, so hash a password before it.
   */
  transaction<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
}

/** A transaction while it is open: code that is still running after its end must not write into a later one. */
interface Turn {
  readonly handle: Handle;
  isOpen: boolean;
}

/**
 * Sends better-auth's statements through the single writer (docs/adr/0002, 0008). A statement joins the transaction it
 * is made in. Outside one, reads use the read connection and each write is its own transaction.
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

/** Returns rows as arrays, the form the proxy reads, or the number of changed rows for a statement without rows. */
function execute(handle: Handle, sqlText: string, values: unknown[], method: Method) {
  const statement = handle.statement(sqlText);
  if (!statement.reader) return { rows: [], changes: statement.run(...values).changes };
  const rows = statement.raw().all(...values);
  // For one row the proxy expects the row itself, or undefined, although its types say otherwise.
  return { rows: method === 'get' ? (rows[0] as unknown[]) : rows };
}
