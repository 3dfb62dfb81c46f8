import type { Attributes } from '@espejo/core';
import type { Database } from 'better-sqlite3';
import type { Chunk } from '../../chunk/port.ts';
import { IndexError } from '../index-error.ts';
import { insertWords } from './rebuild-words.ts';
import { blockRows, LOG_ROWS, type Meta, metaOf, vectorTable, wordTables, writtenFormats } from './schema.ts';
import { removeFromSegments } from './write-segments.ts';

export interface FileToWrite {
  readonly fileId: string;
  readonly filename: string;
  readonly attributes: Attributes;
  readonly chunks: readonly Chunk[];
  /** The chunks' vectors, one after the other. */
  readonly packed: Float32Array;
}

interface FileRow {
  readonly firstId: number;
  readonly chunkCount: number;
}

/** Writes a file, replacing its former content, in one transaction. */
export function upsertFile(database: Database, file: FileToWrite): { chunkCount: number; usageBytes: number } {
  return database
    .transaction(() => {
      const meta = metaOf(database);
      checkVectors(file, meta.dimensions);
      deleteFile(database, meta, file.fileId);
      const textBytes = insertChunks(database, file.chunks, meta);
      insertVectors(database, meta.generation, meta.nextId, file.packed, meta.dimensions);
      const chunkCount = file.chunks.length;
      database
        .prepare(
          'INSERT INTO file (file_id, filename, attributes, first_id, chunk_count, text_bytes) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(file.fileId, file.filename, JSON.stringify(file.attributes), meta.nextId, chunkCount, textBytes);
      // An empty file uses an id as well, so that no two files begin at the same.
      database.prepare('UPDATE meta SET next_id = next_id + ?').run(Math.max(1, chunkCount));
      logChange(database, file.fileId);
      return { chunkCount, usageBytes: usageBytes(textBytes, chunkCount, meta.dimensions) };
    })
    .immediate();
}

/** OpenAI's usage: the bytes of texts and vectors. */
export function usageBytes(textBytes: number, chunkCount: number, dimensions: number): number {
  return textBytes + chunkCount * dimensions * 4;
}

export function setAttributes(database: Database, fileId: string, attributes: Attributes): void {
  database
    .transaction(() => {
      const { changes } = database
        .prepare('UPDATE file SET attributes = ? WHERE file_id = ?')
        .run(JSON.stringify(attributes), fileId);
      if (changes === 0) throw new IndexError('file_not_found', `There is no file '${fileId}' in the index.`);
      logChange(database, fileId);
    })
    .immediate();
}

/** Returns how many chunks it had. */
export function removeFile(database: Database, fileId: string): number {
  return database
    .transaction(() => {
      const chunkCount = deleteFile(database, metaOf(database), fileId);
      if (chunkCount !== null) logChange(database, fileId);
      return chunkCount ?? 0;
    })
    .immediate();
}

function deleteFile(database: Database, meta: Meta, fileId: string): number | null {
  const row = database
    .prepare<[string], FileRow>('SELECT first_id AS firstId, chunk_count AS chunkCount FROM file WHERE file_id = ?')
    .get(fileId);
  if (row === undefined) return null;
  const { firstId, chunkCount } = row;
  const last = firstId + chunkCount - 1;
  database.prepare('DELETE FROM file WHERE file_id = ?').run(fileId);
  for (const format of writtenFormats(database, meta)) {
    const { fullText, segments, streams } = wordTables(format);
    if (fullText !== null) database.prepare(`DELETE FROM ${fullText} WHERE rowid BETWEEN ? AND ?`).run(firstId, last);
    if (segments !== null) removeFromSegments(database, segments, firstId, last);
    if (streams !== null) database.prepare(`DELETE FROM ${streams} WHERE id BETWEEN ? AND ?`).run(firstId, last);
  }
  database.prepare('DELETE FROM chunk WHERE id BETWEEN ? AND ?').run(firstId, last);
  const generations = meta.nextFingerprint === null ? [meta.generation] : [meta.generation, meta.generation + 1];
  for (const generation of generations) {
    database.prepare(`DELETE FROM ${vectorTable(generation)} WHERE first_id BETWEEN ? AND ?`).run(firstId, last);
  }
  return chunkCount;
}

function insertChunks(database: Database, chunks: readonly Chunk[], meta: Meta): number {
  const insertChunk = database.prepare(
    `INSERT INTO chunk (id, ordinal, text, token_count, start_offset, end_offset, page, line)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  let textBytes = 0;
  for (const [index, chunk] of chunks.entries()) {
    const id = meta.nextId + index;
    const { ordinal, text, tokenCount, startOffset, endOffset, page, line } = chunk;
    insertChunk.run(id, ordinal, text, tokenCount, startOffset, endOffset, page, line);
    textBytes += Buffer.byteLength(text);
  }
  const rows = chunks.map(({ text }, index) => ({ id: meta.nextId + index, text }));
  for (const format of writtenFormats(database, meta)) insertWords(database, wordTables(format), rows);
  return textBytes;
}

/** Writes vectors in blocks that begin at `firstId` and never have rows of two files. */
export function insertVectors(
  database: Database,
  generation: number,
  firstId: number,
  packed: Float32Array,
  dimensions: number,
): void {
  const insert = database.prepare(`INSERT INTO ${vectorTable(generation)} (first_id, data) VALUES (?, ?)`);
  const blockFloats = blockRows(dimensions) * dimensions;
  for (let at = 0; at < packed.length; at += blockFloats) {
    const block = packed.subarray(at, at + blockFloats);
    insert.run(firstId + at / dimensions, new Uint8Array(block.buffer, block.byteOffset, block.byteLength));
  }
}

function logChange(database: Database, fileId: string): void {
  const { lastInsertRowid } = database.prepare('INSERT INTO log (file_id) VALUES (?)').run(fileId);
  database.prepare('DELETE FROM log WHERE seq <= ?').run(Number(lastInsertRowid) - LOG_ROWS);
}

/** A vector that is not a number, or not of unit length, would be found for everything or for nothing. */
function checkVectors(file: FileToWrite, dimensions: number): void {
  if (file.packed.length !== file.chunks.length * dimensions) {
    throw new IndexError('invalid_vector', `Every chunk needs a vector of ${dimensions} dimensions.`);
  }
  checkUnitLength(file.packed, dimensions);
}

export function checkUnitLength(packed: Float32Array, dimensions: number): void {
  for (let at = 0; at < packed.length; at += dimensions) {
    let sum = 0;
    for (let index = at; index < at + dimensions; index += 1) sum += (packed[index] ?? 0) ** 2;
    // Also rejects NaN, because no comparison with it is true.
    if (!(Math.abs(sum - 1) < 0.02)) {
      throw new IndexError('invalid_vector', `The vector of chunk ${at / dimensions} is not of unit length.`);
    }
  }
}
