import type { Database } from 'better-sqlite3';
import { hashesOf, indexedWords, numberedWords } from '../../words/word-stream.ts';
import { createWordTables, dropOlderWordTables, FORMAT, metaOf, type WordTables, wordTables } from './schema.ts';
import { createSegmentWriter } from './write-segments.ts';

/**
 * Converts a part of a store's words to the present format, beside the current ones, and returns the last converted id;
 * null: all are converted, and are in use from this transaction on. After a kill the next call continues. Words of
 * chunks that are written meanwhile are written in both formats.
 */
export function rebuildWords(
  database: Database,
  { afterId, rowsMax }: { readonly afterId: number; readonly rowsMax: number },
): number | null {
  return database
    .transaction(() => {
      const { format } = metaOf(database);
      if (format === FORMAT) return null;
      createWordTables(database);
      const tables = wordTables(FORMAT);
      const rows = missing(database, tables, afterId, rowsMax);
      const batch = rows.length === 0 ? missing(database, tables, 0, rowsMax) : rows;
      const last = batch.at(-1);
      if (last !== undefined) {
        insertWords(database, tables, batch);
        return last.id;
      }
      database.prepare('UPDATE meta SET format = ?').run(FORMAT);
      dropOlderWordTables(database);
      return null;
    })
    .immediate();
}

interface Row {
  readonly id: number;
  readonly text: string;
}

function missing(database: Database, { streams }: WordTables, afterId: number, rowsMax: number): Row[] {
  return database
    .prepare<[number, number], Row>(
      `SELECT id, text FROM chunk WHERE id > ? AND NOT EXISTS (SELECT 1 FROM ${streams} AS made WHERE made.id = chunk.id)
        ORDER BY id LIMIT ?`,
    )
    .all(afterId, rowsMax);
}

/** Writes the words of chunks into the tables of a format. Their ids ascend. */
export function insertWords(database: Database, tables: WordTables, rows: readonly Row[]): void {
  const { fullText, segments, streams } = tables;
  const intoStreams = streams === null ? null : database.prepare(`INSERT INTO ${streams} (id, stream) VALUES (?, ?)`);
  const keepStream = (id: number, { buffer, byteOffset, byteLength }: Uint32Array): void => {
    intoStreams?.run(id, new Uint8Array(buffer, byteOffset, byteLength));
  };
  if (segments !== null) {
    const writer = createSegmentWriter(database, segments);
    for (const { id, text } of rows) {
      const words = numberedWords(text);
      writer.add(id, words);
      keepStream(id, hashesOf(words));
    }
    writer.finish();
    return;
  }
  const intoWords = database.prepare(`INSERT INTO ${fullText} (rowid, text) VALUES (?, ?)`);
  for (const { id, text } of rows) {
    if (intoStreams === null) {
      intoWords.run(id, text);
      continue;
    }
    const indexed = indexedWords(text);
    intoWords.run(id, indexed.text);
    keepStream(id, indexed.stream);
  }
}
