import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { openTempDatabase, type TempDatabase } from './testing/temp-database.ts';

/** Takes the write lock of a database in another process, writes, reports it, and keeps the lock. */
const HOLD_LOCK = `
  const Sqlite = require('better-sqlite3');
  const sqlite = new Sqlite(process.argv[1]);
  sqlite.exec("begin immediate; insert into tenant values ('theirs', 'theirs', 1)");
  process.stdout.write('locked');
  setInterval(() => undefined, 1e6);`;

describe('transaction() beside another process', () => {
  let temp: TempDatabase;
  afterEach(() => temp.dispose());

  it('waits for the lock of another process, and gets it when that process is killed, whose writes are lost', async () => {
    temp = await openTempDatabase();
    const holder = spawn(process.execPath, ['--eval', HOLD_LOCK, temp.path], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    let isDone = false;
    const writing = temp.db
      .transaction((tx) => tx.tenants.ensure({ id: 'ours', name: 'ours', createdAtMs: 1 }))
      .then(() => {
        isDone = true;
      });
    expect(await temp.db.read.tenants.list()).toEqual([]);
    expect(isDone).toBe(false);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await writing;
    expect((await temp.db.read.tenants.list()).map((tenant) => tenant.id)).toEqual(['ours']);
  });
});
