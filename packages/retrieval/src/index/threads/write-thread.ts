/** All writes to stores, in one thread: searches never wait for it, only other writes do. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { Attributes } from '@espejo/core';
import type { Database } from 'better-sqlite3';
import { IndexError } from '../index-error.ts';
import { openWritable, type StoreModel } from '../store/open-writable.ts';
import { rebuildWords } from '../store/rebuild-words.ts';
import { beginReembed, keepBatch, nextBatchOrSwap, type ReembedBatch } from '../store/reembed-store.ts';
import { FORMAT, metaOf } from '../store/schema.ts';
import { databasePath, removeStoreFiles } from '../store/store-files.ts';
import { type FileToWrite, removeFile, setAttributes, upsertFile } from '../store/store-writer.ts';
import { answerCalls } from './calls.ts';
import { loadSqlite } from './load-native.ts';

const { folder, openMax } = workerData as { folder: string; openMax: number };
mkdirSync(folder, { recursive: true });

type KeptBatch = { blocks: ReembedBatch['blocks']; packed: Float32Array };

/** The least recently used first. */
const open = new Map<string, Database>();

function use(storeId: string, create: { model: StoreModel; epoch: string } | null = null): Database {
  if (create !== null) mkdirSync(dirname(databasePath(folder, storeId)), { recursive: true });
  const database = open.get(storeId) ?? openWritable(databasePath(folder, storeId), create);
  open.delete(storeId);
  open.set(storeId, database);
  const oldest = open.keys().next().value;
  if (open.size > openMax && oldest !== undefined) close(oldest);
  return database;
}

function close(storeId: string): void {
  open.get(storeId)?.close();
  open.delete(storeId);
}

const methods = {
  /** Returns whether its words are of an older format. */
  open({ storeId, model, epoch }: { storeId: string; model: StoreModel; epoch: string }): { hasOldWords: boolean } {
    const meta = metaOf(use(storeId, { model, epoch }));
    if (meta.fingerprint !== model.fingerprint || meta.dimensions !== model.dimensions) {
      throw new IndexError('other_model', 'The store was made with another embedding model.');
    }
    return { hasOldWords: meta.format !== FORMAT };
  },
  upsertFile: ({ storeId, file }: { storeId: string; file: FileToWrite }) => upsertFile(use(storeId), file),
  setAttributes({ storeId, fileId, attributes }: { storeId: string; fileId: string; attributes: Attributes }): void {
    setAttributes(use(storeId), fileId, attributes);
  },
  removeFile: ({ storeId, fileId }: { storeId: string; fileId: string }) => removeFile(use(storeId), fileId),
  beginReembed: ({ storeId, model }: { storeId: string; model: StoreModel }) => beginReembed(use(storeId), model),
  nextBatchOrSwap: ({
    storeId,
    model,
    ...from
  }: {
    storeId: string;
    model: StoreModel;
    afterId: number;
    rowsMax: number;
  }) => nextBatchOrSwap(use(storeId), model, from),
  keepBatch({ storeId, model, ...batch }: { storeId: string; model: StoreModel } & KeptBatch): void {
    keepBatch(use(storeId), model, batch);
  },
  rebuildWords: ({ storeId, ...from }: { storeId: string; afterId: number; rowsMax: number }) =>
    rebuildWords(use(storeId), from),
  close: ({ storeId }: { storeId: string }) => close(storeId),
  drop({ storeId }: { storeId: string }): void {
    close(storeId);
    removeStoreFiles(folder, storeId);
  },
};
export type WriteMethods = typeof methods;

answerCalls(methods, loadSqlite);
