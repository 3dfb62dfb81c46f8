import type { Database } from 'better-sqlite3';
import { IndexError } from '../index-error.ts';
import type { StoreModel } from './open-writable.ts';
import { createVectorTable, type Meta, metaOf, vectorTable } from './schema.ts';
import { checkUnitLength, insertVectors } from './store-writer.ts';

/** Whole blocks of vectors: where each begins and how many rows it has. */
export interface ReembedBatch {
  readonly blocks: readonly { readonly firstId: number; readonly rowCount: number }[];
  readonly texts: string[];
}

const BLOCKS_MAX = 256;

/**
 * Begins a generation of vectors beside the current one, or continues one that a killed process began for the same
 * model. Returns false when the store has that model already.
 */
export function beginReembed(database: Database, model: StoreModel): boolean {
  return database
    .transaction(() => {
      const meta = metaOf(database);
      const isNext = meta.nextFingerprint === model.fingerprint && meta.nextDimensions === model.dimensions;
      if (meta.fingerprint === model.fingerprint && meta.dimensions === model.dimensions) {
        dropNext(database, meta.generation);
        return false;
      }
      if (isNext) return true;
      dropNext(database, meta.generation);
      createVectorTable(database, meta.generation + 1);
      database
        .prepare('UPDATE meta SET next_fingerprint = ?, next_dimensions = ?')
        .run(model.fingerprint, model.dimensions);
      return true;
    })
    .immediate();
}

/**
 * The next chunks after an id that have no vector of the next generation. When there are none, including files that
 * were written meanwhile, the next generation becomes current in the same transaction, so that no write is missed.
 */
export function nextBatchOrSwap(
  database: Database,
  model: StoreModel,
  { afterId, rowsMax }: { afterId: number; rowsMax: number },
): ReembedBatch | null {
  return database
    .transaction((): ReembedBatch | null => {
      const meta = metaOf(database);
      if (meta.nextFingerprint !== model.fingerprint || meta.nextDimensions !== model.dimensions) {
        throw new IndexError('other_model', 'The store is being re-embedded with another model.');
      }
      const missing = missingBlocks(database, meta, afterId, rowsMax);
      const blocks = missing.length === 0 ? missingBlocks(database, meta, 0, rowsMax) : missing;
      if (blocks.length > 0) {
        const textsOf = database
          .prepare<[number, number], string>('SELECT text FROM chunk WHERE id >= ? AND id < ? ORDER BY id')
          .pluck();
        const texts = blocks.flatMap(({ firstId, rowCount }) => textsOf.all(firstId, firstId + rowCount));
        return { blocks, texts };
      }
      const { generation } = meta;
      database
        .prepare(
          `UPDATE meta SET fingerprint = next_fingerprint, dimensions = next_dimensions, generation = ?,
            next_fingerprint = NULL, next_dimensions = NULL`,
        )
        .run(generation + 1);
      database.exec(`DROP TABLE ${vectorTable(generation)}`);
      return null;
    })
    .immediate();
}

function missingBlocks(database: Database, meta: Meta, afterId: number, rowsMax: number): ReembedBatch['blocks'] {
  const rows = database
    .prepare<[number, number, number], { firstId: number; rowCount: number }>(
      `SELECT old.first_id AS firstId, length(old.data) / ? AS rowCount
        FROM ${vectorTable(meta.generation)} AS old
        WHERE old.first_id > ? AND NOT EXISTS
          (SELECT 1 FROM ${vectorTable(meta.generation + 1)} AS next WHERE next.first_id = old.first_id)
        ORDER BY old.first_id LIMIT ?`,
    )
    .all(meta.dimensions * 4, afterId, BLOCKS_MAX);
  let rowCount = 0;
  return rows.filter((block, index) => {
    rowCount += block.rowCount;
    return index === 0 || rowCount <= rowsMax;
  });
}

/** Stores the vectors of a batch, except of files that were removed or replaced meanwhile. */
export function keepBatch(
  database: Database,
  model: StoreModel,
  batch: { blocks: ReembedBatch['blocks']; packed: Float32Array },
): void {
  checkUnitLength(batch.packed, model.dimensions);
  database
    .transaction(() => {
      const meta = metaOf(database);
      const isNext = meta.nextFingerprint === model.fingerprint && meta.nextDimensions === model.dimensions;
      if (!isNext) return;
      const isThere = database.prepare<[number]>('SELECT 1 FROM chunk WHERE id = ?');
      let at = 0;
      for (const { firstId, rowCount } of batch.blocks) {
        const part = batch.packed.subarray(at, at + rowCount * model.dimensions);
        at += part.length;
        if (isThere.get(firstId) !== undefined) {
          insertVectors(database, meta.generation + 1, firstId, part, model.dimensions);
        }
      }
    })
    .immediate();
}

function dropNext(database: Database, generation: number): void {
  database.exec(`DROP TABLE IF EXISTS ${vectorTable(generation + 1)}`);
  database.prepare('UPDATE meta SET next_fingerprint = NULL, next_dimensions = NULL').run();
}
