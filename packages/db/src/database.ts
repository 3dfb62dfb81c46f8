import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@espejo/core';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { connect, type Handle, isBusy, toAppError } from './connect.ts';
import { inspectAppliedMigrations } from './inspect-control-database.ts';
import { MIGRATIONS_FOLDER, NewerDatabase } from './known-migrations.ts';
import { createRepositories, type Repositories } from './repositories/index.ts';

const BUSY_DEADLINE_MS = 10_000;
/** SQLite blocks the thread no longer than this for a lock; the rest of the wait is asynchronous. */
const BUSY_TIMEOUT_MS = 25;

export interface Database {
  /** Repositories on the read connection: they see the last committed state and reject every write. */
  readonly read: Repositories;
  /**
   * Runs `work` in one write transaction: all of it is committed, or none. Writers of this process queue; another
   * process's lock is waited for until the deadline, then `database_busy` is thrown. `work` must not wait for anything
   * but its own repositories, because a network call here would block every writer. A committed transaction survives
   * the death of the process; one with `FULL_DURABILITY` also survives a power cut, with all that was committed before
   * it.
   */
  transaction<T>(work: (tx: Repositories) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Finishes the running transaction, writes the WAL back and closes both connections. */
  close(): Promise<void>;
}

/** The connection behind repositories, for code in this package that runs SQL that is not its own. */
const handles = new WeakMap<Repositories, Handle>();

export function handleOf(repositories: Repositories): Handle {
  const handle = handles.get(repositories);
  if (handle === undefined) throw new TypeError('These repositories belong to no open database.');
  return handle;
}

export interface TransactionOptions {
  readonly isDurable: boolean;
}

/** For a commit that must be on disk before anything outside may happen, such as the intent to delete. */
export const FULL_DURABILITY: TransactionOptions = { isDurable: true };

export interface OpenDatabaseOptions {
  /** Path of the database file; its folder is created if absent. */
  readonly path: string;
  /** Caps the file's size in pages of 4 KiB: how the tests simulate a full disk. */
  readonly pageCountMax?: number;
  /** How long to wait for another process's write lock before giving up. Default 10,000. */
  readonly busyDeadlineMs?: number;
  /** Called at the start of every write transaction. It must be quick, and must not throw. */
  readonly beforeWrite?: () => void;
}

/**
 * Opens the database, applies all migrations and returns its repositories. Throws NewerDatabase or MigrationsMissing
 * before anything is written.
 */
export function openDatabase(options: OpenDatabaseOptions): Database {
  mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
  assertNotNewer(options.path);
  const writer = connect(options.path, { isReadOnly: false, busyTimeoutMs: BUSY_DEADLINE_MS });
  migrate(writer.orm, { migrationsFolder: MIGRATIONS_FOLDER });
  writer.sqlite.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  if (options.pageCountMax !== undefined) writer.sqlite.pragma(`max_page_count = ${options.pageCountMax}`);
  const reader = connect(options.path, { isReadOnly: true, busyTimeoutMs: BUSY_DEADLINE_MS });

  const write = repositoriesOn(writer);
  // The tail of the writer queue: each transaction starts when the one before it has ended, committed or not.
  let tail: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  async function transaction<T>(
    work: (tx: Repositories) => Promise<T>,
    { isDurable }: TransactionOptions = { isDurable: false },
  ): Promise<T> {
    if (closing !== undefined)
      throw new AppError('database_busy', 'Espejo is shutting down. Try again when it is back.');
    const turn = tail.then(async () => {
      options.beforeWrite?.();
      if (isDurable) writer.sqlite.pragma('synchronous = FULL');
      try {
        await begin(writer, options.busyDeadlineMs ?? BUSY_DEADLINE_MS);
        return await finish(writer, write, work);
      } finally {
        if (isDurable) writer.sqlite.pragma('synchronous = NORMAL');
      }
    });
    tail = turn.catch(() => undefined);
    return turn;
  }

  return {
    read: repositoriesOn(reader),
    transaction,
    close: () => (closing ??= tail.then(() => closeBoth(reader, writer))),
  };
}

function assertNotNewer(path: string): void {
  if (inspectAppliedMigrations(path) === 'newer')
    throw new NewerDatabase(
      'The database was made by a newer version of Espejo. Update Espejo, or restore a backup that this version made.',
    );
}

function repositoriesOn(handle: Handle): Repositories {
  const repositories = createRepositories(handle);
  handles.set(repositories, handle);
  return repositories;
}

function closeBoth(reader: Handle, writer: Handle): void {
  reader.sqlite.close();
  try {
    writer.sqlite.pragma('optimize');
  } catch {
    // It writes statistics, and may do without them: a full disk must not keep the database open.
  } finally {
    writer.sqlite.close();
  }
}

/** Runs the work of an open transaction and commits it, or rolls it back when `work` fails. */
async function finish<T>(
  writer: Handle,
  repositories: Repositories,
  work: (tx: Repositories) => Promise<T>,
): Promise<T> {
  try {
    const result = await work(repositories);
    // A committed permit would let every later writer write to the mirror.
    await repositories.mirrorPermits.revoke();
    writer.sqlite.exec('commit');
    return result;
  } catch (cause) {
    if (writer.sqlite.inTransaction) writer.sqlite.exec('rollback');
    throw toAppError(cause);
  }
}

/** Takes the write lock at once, so that a transaction cannot fail half-way because of another writer. */
async function begin(writer: Handle, deadlineMs: number): Promise<void> {
  const giveUpAtMs = performance.now() + deadlineMs;
  for (let waitMs = 5; ; waitMs = Math.min(waitMs * 2, 100)) {
    try {
      writer.sqlite.exec('begin immediate');
      return;
    } catch (cause) {
      if (!isBusy(cause) || performance.now() > giveUpAtMs) throw toAppError(cause);
    }
    await delay(waitMs);
  }
}
