import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from './database.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url));

interface Journal {
  readonly entries: readonly { readonly tag: string }[];
}

function readJournal(): Journal {
  return JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8'));
}

/** Brings a new file to the state after the first `count` migrations and passes it to `work`. */
function openAt(folder: string, count: number, work: (sqlite: Sqlite.Database) => void): string {
  const migrationsFolder = join(folder, `first-${count}`);
  mkdirSync(join(migrationsFolder, 'meta'), { recursive: true });
  const entries = readJournal().entries.slice(0, count);
  writeFileSync(join(migrationsFolder, 'meta/_journal.json'), JSON.stringify({ ...readJournal(), entries }));
  for (const { tag } of entries) copyFileSync(join(MIGRATIONS, `${tag}.sql`), join(migrationsFolder, `${tag}.sql`));
  const path = join(folder, 'old.db');
  const sqlite = new Sqlite(path);
  migrate(drizzle(sqlite), { migrationsFolder });
  work(sqlite);
  sqlite.close();
  return path;
}

const NEVER = Number.MAX_SAFE_INTEGER;

const everyFile = {
  tenantId: 't1',
  connectionId: undefined,
  purpose: undefined,
  isOrphan: undefined,
  orphanCreatedBeforeS: 0,
  sort: 'createdAt',
  order: 'asc',
  after: undefined,
  limit: 10,
} as const;

describe('migrations', () => {
  let folder = '';
  let db: Database | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'espejo-migrations-'));
  });
  afterEach(async () => {
    await db?.close();
    db = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  it('mark rows backed by OpenAI as mirrors and all others as primary, and make them sortable and searchable', async () => {
    const path = openAt(folder, 1, (sqlite) => {
      const insert = sqlite.prepare(
        `insert into vector_store (tenant_id, id, connection_id, backend, name, status, expires_at_s, last_active_at_s,
           created_at_s, search_text, name_sort, updated_at_ms) values (?, ?, ?, ?, ?, 'completed', ?, ?, ?, ?, ?, 0)`,
      );
      insert.run('t1', 'vs_a', 'conn', 'openai', 'Alpha', 500, 50, 1, 'alpha\n\nvs_a', 'alpha');
      insert.run('t1', 'vs_b', 'conn', 'openai', null, null, null, 2, '\n\nvs_b', '\u{10FFFF}');
      insert.run('t1', 'vs_c', null, 'local', 'Charlie', 400, 60, 3, 'charlie\n\nvs_c', 'charlie');
      insert.run('t1', 'vs_d', null, 'qdrant', 'Delta', null, null, 4, 'delta\n\nvs_d', 'delta');
      insert.run('t2', 'vs_a', null, 'local', 'Theirs', null, 1, 5, 'theirs\n\nvs_a', 'theirs');
    });
    db = openDatabase({ path });
    const { read } = db;
    const list = async (sort: 'expiresAt' | 'lastActiveAt' | 'name', text?: string) => {
      const page = { tenantId: 't1', order: 'asc', after: undefined, limit: 10 } as const;
      return (await read.vectorStoreList.list({ ...page, sort, filter: { text } })).rows;
    };
    expect((await list('name')).map((row) => [row.id, row.source, row.backend])).toEqual([
      ['vs_a', 'cache', 'openai'],
      ['vs_c', 'primary', 'local'],
      ['vs_d', 'primary', 'qdrant'],
      ['vs_b', 'cache', 'openai'],
    ]);
    expect((await list('expiresAt')).map((row) => row.id)).toEqual(['vs_c', 'vs_a', 'vs_b', 'vs_d']);
    expect((await list('lastActiveAt')).map((row) => row.id)).toEqual(['vs_b', 'vs_d', 'vs_a', 'vs_c']);
    expect((await list('name', 'harl')).map((row) => row.id)).toEqual(['vs_c']);
    expect(await read.vectorStores.find('t2', 'vs_a')).toMatchObject({ source: 'primary', name: 'Theirs' });
    await db.close();
    const sqlite = new Sqlite(path, { readonly: true });
    const sorts = sqlite.prepare('select expires_sort, last_active_sort from vector_store order by seq').raw().all();
    sqlite.close();
    expect(sorts).toEqual([
      [500, 50],
      [NEVER, 0],
      [400, 60],
      [NEVER, 0],
      [NEVER, 1],
    ]);
  });

  it('protect the rows they marked as mirrors', async () => {
    const path = openAt(folder, 1, (sqlite) => {
      const insert = sqlite.prepare(
        `insert into vector_store (tenant_id, id, connection_id, backend, status, created_at_s, updated_at_ms)
           values ('t1', ?, ?, ?, 'completed', 1, 0)`,
      );
      insert.run('vs_mirror', 'conn', 'openai');
      insert.run('vs_own', null, 'local');
    });
    db = openDatabase({ path });
    const edit = (id: string) => db?.transaction((tx) => tx.vectorStores.edit('t1', id, { name: 'x' }, 1));
    await expect(edit('vs_mirror')).rejects.toMatchObject({ code: 'vector_store_read_only' });
    await edit('vs_own');
    const sqlite = new Sqlite(path);
    expect(() => sqlite.exec("update vector_store set name = 'x' where id = 'vs_mirror'")).toThrow(
      'vector_store_read_only',
    );
    sqlite.close();
  });

  it('give existing stores their policy: primary stores in our form, mirrors as upstream has it', async () => {
    const path = openAt(folder, 7, (sqlite) => {
      const insert = sqlite.prepare(
        `insert into vector_store (tenant_id, id, connection_id, source, backend, status, expires_after, expires_at_s,
           last_active_at_s, created_at_s, updated_at_ms) values ('t1', ?, ?, ?, 'x', 'completed', ?, ?, 50, 1, 0)`,
      );
      const form = '{"anchor":"last_active_at","days":3}';
      insert.run('vs_sliding', null, 'primary', form, 50 + 3 * 86_400);
      insert.run('vs_never', null, 'primary', null, null);
      sqlite.exec("insert into mirror_write_permit values ('t1', 'conn')");
      insert.run('vs_mirror', 'conn', 'cache', form, 50 + 3 * 86_400);
      sqlite.exec('delete from mirror_write_permit');
    });
    db = openDatabase({ path });
    const policy = async (id: string) => (await db?.read.vectorStores.find('t1', id))?.expiryPolicy;
    expect(await policy('vs_sliding')).toEqual({ kind: 'after_last_active', days: 3 });
    expect(await policy('vs_never')).toEqual({ kind: 'never' });
    expect(await policy('vs_mirror')).toEqual({ kind: 'after_last_active', days: 3 });
    const moved = 60 + 3 * 86_400;
    await db.transaction((tx) => tx.storeExpiry.touch('t1', 'vs_sliding', 60));
    expect(await db.read.vectorStores.find('t1', 'vs_sliding')).toMatchObject({ lastActiveAt: 60, expiresAt: moved });
  });

  it('make existing files searchable, and list files with names beyond ASCII again', async () => {
    const path = openAt(folder, 4, (sqlite) => {
      const insert = sqlite.prepare(
        `insert into file (tenant_id, id, connection_id, filename, purpose, created_at_s, content_hash)
           values ('t1', ?, ?, ?, 'assistants', 1, 'hash')`,
      );
      insert.run('file-Own', null, 'Plan.PDF');
      sqlite.exec("insert into mirror_write_permit values ('t1', 'conn')");
      insert.run('file-Ascii', 'conn', 'Invoice.PDF');
      insert.run('file-Other', 'conn', 'RÉSUMÉ.PDF');
      sqlite.exec('delete from mirror_write_permit');
    });
    db = openDatabase({ path });
    const found = async (text: string) =>
      (await db?.read.fileList.list({ ...everyFile, text }))?.rows.map((row) => row.id);
    expect(await found('invoice.pdf')).toEqual(['file-Ascii']);
    expect(await found('PLAN')).toEqual(['file-Own']);
    expect(await found('file-other')).toEqual(['file-Other']);
    const known = await db.read.files.findKnown('t1', 'conn', ['file-Ascii', 'file-Other']);
    expect([known.get('file-Ascii')?.hash, known.get('file-Other')?.hash]).toEqual(['hash', '']);
  });

  it('run once: opening the database a second time changes nothing', async () => {
    const path = join(folder, 'new.db');
    db = openDatabase({ path });
    await db.transaction((tx) => tx.tenants.ensure({ id: 't1', name: 't1', createdAtMs: 1 }));
    await db.close();
    db = openDatabase({ path });
    expect(await db.read.tenants.list()).toEqual([{ id: 't1', name: 't1', createdAtMs: 1 }]);
    await db.close();
    const sqlite = new Sqlite(path, { readonly: true });
    const applied = sqlite.prepare('select count(*) from __drizzle_migrations').pluck().get();
    sqlite.close();
    expect(applied).toBe(readJournal().entries.length);
  });
});
