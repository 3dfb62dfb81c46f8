import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { inspectControlDatabase, inspectDatabaseLog } from './inspect-control-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'espejo-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files of a database as a killed process leaves them. */
function copyAsKilled(path: string, name: string): string {
  const target = join(folder, name);
  for (const file of readdirSync(folder))
    if (file.startsWith('live.') && !file.endsWith('-shm'))
      cpSync(join(folder, file), target + file.slice('live.db'.length));
  expect(statSync(target).size).toBe(statSync(path).size);
  return target;
}

describe('a database whose first start was killed before the first migration was committed', () => {
  const path = join(folder, 'live.db');

  it('is reported as unmigrated after each step of its creation, also with uncommitted pages in its log', () => {
    const sqlite = new Sqlite(path);
    sqlite.pragma('journal_mode = wal');
    expect(inspectControlDatabase(copyAsKilled(path, 'in-wal-mode.db'))).toEqual({ state: 'unmigrated' });
    sqlite.exec('create table __drizzle_migrations (id integer primary key, hash text not null, created_at numeric)');
    expect(inspectControlDatabase(copyAsKilled(path, 'with-drizzle-table.db'))).toEqual({ state: 'unmigrated' });
    sqlite.pragma('cache_size = 1');
    sqlite.exec('begin; create table vector_store (id text)');
    for (let row = 0; row < 50; row += 1) sqlite.prepare('insert into vector_store values (?)').run('x'.repeat(8_000));
    const cutShort = copyAsKilled(path, 'in-migration.db');
    expect(inspectDatabaseLog(`${cutShort}-wal`)).toBe('ok');
    expect(statSync(`${cutShort}-wal`).size).toBeGreaterThan(100_000);
    expect(inspectControlDatabase(cutShort)).toEqual({ state: 'unmigrated' });
    sqlite.close();
  });

  it('is migrated by the next start', async () => {
    for (const name of ['in-wal-mode.db', 'with-drizzle-table.db', 'in-migration.db']) {
      const target = join(folder, name);
      await openDatabase({ path: target }).close();
      expect(inspectControlDatabase(target)).toMatchObject({ state: 'ok' });
    }
  });
});

it('inspectControlDatabase reports a database with tables of another application, or with migrations but without tables of Espejo, as foreign', () => {
  for (const [name, sql] of [
    ['other.db', 'create table customer (id text)'],
    [
      'dropped.db',
      'create table __drizzle_migrations (id integer, hash text, created_at numeric); insert into __drizzle_migrations values (1, 2, 3)',
    ],
  ] as const) {
    const sqlite = new Sqlite(join(folder, name));
    sqlite.exec(sql);
    sqlite.close();
    expect(inspectControlDatabase(join(folder, name))).toEqual({ state: 'foreign' });
  }
});
