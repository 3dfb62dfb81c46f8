import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UNCALIBRATED } from '../search/calibration.ts';
import { createLocalIndex, type LocalIndex } from './local-index.ts';
import type { IndexedFile } from './port.ts';
import { openWritable } from './store/open-writable.ts';
import { insertWords, rebuildWords } from './store/rebuild-words.ts';
import { FORMAT, wordTables } from './store/schema.ts';

const STORE = 'vs_old';
const MODEL = { fingerprint: 'm', dimensions: 2 };
const FILES = 400;

function fileOf(fileId: string, text: string): IndexedFile {
  const place = { startOffset: 0, endOffset: text.length, page: null, line: 1 };
  const chunk = { ordinal: 0, text, tokenCount: 1, ...place, vector: new Float32Array([1, 0]) };
  return { fileId, filename: `${fileId}.txt`, attributes: {}, chunks: [chunk] };
}

/** The tables of each older format, in place of the present ones. */
const OLD_TABLES = {
  1: `
    CREATE VIRTUAL TABLE words USING fts5(
      text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
    );
    CREATE VIRTUAL TABLE word_stats USING fts5vocab('words', 'row');
    INSERT INTO words (rowid, text) SELECT id, text FROM chunk;
    UPDATE meta SET format = 1;`,
  2: `
    CREATE VIRTUAL TABLE words_2 USING fts5(text, content='', contentless_delete=1, tokenize='ascii');
    CREATE TABLE word_stream_2 (id INTEGER PRIMARY KEY, stream BLOB NOT NULL) STRICT;
    UPDATE meta SET format = 2;`,
} as const;

describe.each([1, 2] as const)('a store whose words are of format %i', (oldFormat) => {
  let folder: string;
  let index: LocalIndex;
  const errors: unknown[] = [];

  const start = (): LocalIndex =>
    createLocalIndex({
      folder,
      workerCount: 1,
      memoryBytesMax: 2 ** 20,
      openStoresMax: 4,
      newToken: () => 'token',
      onBuildError: (_, error) => errors.push(error),
    });
  const path = () => join(folder, `${STORE}.db`);
  const found = async (text: string): Promise<string[]> => {
    const query = { texts: [text], vectors: [], filter: null, embeddingWeight: 1, textWeight: 1, limit: 50 };
    return (await index.search(STORE, { ...query, calibration: UNCALIBRATED })).map(({ fileId }) => fileId);
  };
  const formatOf = (): unknown => {
    const database = new Sqlite(path(), { readonly: true });
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE name GLOB 'word*'").pluck().all();
    const format = database.prepare('SELECT format FROM meta').pluck().get();
    database.close();
    const [old, now] = [wordTables(oldFormat), wordTables(FORMAT)];
    return { format, hasOld: tables.includes(old.fullText), hasNew: tables.includes(now.streams) };
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'words-'));
    errors.length = 0;
    index = start();
    await index.open(STORE, MODEL);
    for (let n = 0; n < FILES; n += 1) {
      await index.upsertFile(STORE, fileOf(`f${n}`, n === 7 ? 'ลูกค้าสามารถขอคืนเงิน seven' : `text number${n} Bär`));
    }
    await index.closeAll();
    // As that format had it.
    const database = new Sqlite(path());
    const { segments, streams } = wordTables(FORMAT);
    database.exec(`DROP TABLE ${segments?.segments}; DROP TABLE ${segments?.blocks}; DROP TABLE ${streams};`);
    database.exec(OLD_TABLES[oldFormat]);
    if (oldFormat === 2) {
      const rows = database.prepare<[], { id: number; text: string }>('SELECT id, text FROM chunk').all();
      insertWords(database, wordTables(oldFormat), rows);
    }
    database.close();
    index = start();
  });
  afterEach(async () => {
    await index.closeAll();
    await rm(folder, { recursive: true, force: true });
  });

  it('serves at once, is rebuilt in the background, and then finds every word', async () => {
    await index.open(STORE, MODEL);
    expect((await found('number12'))[0]).toBe('f12');
    expect(await found('seven')).toEqual(['f7']);
    if (oldFormat === 2) expect(await found('คืนเงิน')).toEqual(['f7']);
    await index.settled();
    expect(formatOf()).toEqual({ format: FORMAT, hasOld: false, hasNew: true });
    expect(await found('คืนเงิน')).toEqual(['f7']);
    expect(await found('number12 bär')).toContain('f12');
    expect(errors).toEqual([]);
  });

  it('loses no write during the rebuild', async () => {
    await index.open(STORE, MODEL);
    await Promise.all([
      index.upsertFile(STORE, fileOf('late', 'ยาดีมาก late')),
      index.upsertFile(STORE, fileOf('f3', 'replaced words')),
      index.removeFile(STORE, 'f5'),
    ]);
    await index.settled();
    expect(formatOf()).toMatchObject({ format: FORMAT, hasOld: false });
    expect(await found('ยาดี')).toEqual(['late']);
    expect(await found('replaced')).toEqual(['f3']);
    expect(await found('number3')).toEqual([]);
    expect(await found('number5')).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('continues where it was when the process ended in between', async () => {
    const database = openWritable(path(), null);
    expect(rebuildWords(database, { afterId: 0, rowsMax: 100 })).toBe(100);
    database.close();
    expect(formatOf()).toEqual({ format: oldFormat, hasOld: true, hasNew: true });
    await index.open(STORE, MODEL);
    await index.upsertFile(STORE, fileOf('f9', 'changed'));
    await index.settled();
    expect(formatOf()).toEqual({ format: FORMAT, hasOld: false, hasNew: true });
    const rows = new Sqlite(path(), { readonly: true });
    const { segments, streams } = wordTables(FORMAT);
    expect(rows.prepare(`SELECT count(*) FROM ${streams}`).pluck().get()).toBe(FILES);
    const liveRows = rows.prepare(`SELECT sum(row_count - dead_rows) FROM ${segments?.segments}`).pluck();
    expect(liveRows.get()).toBe(FILES);
    const tables = rows.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'word*'").pluck();
    expect(tables.all().sort()).toEqual([segments?.blocks, segments?.segments, streams].sort());
    rows.close();
    expect(await found('changed')).toEqual(['f9']);
    expect(await found('number9')).toEqual([]);
  });
});
