import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLocalIndex } from '../local-index.ts';
import type { VectorIndex } from '../port.ts';
import { moveStores } from './move-stores.ts';

const MODEL = { fingerprint: 'm1', dimensions: 2 };
const OWNERS = new Map([
  ['vs_1', 'first'],
  ['vs_2', 'second'],
]);
const ownersOf = async () => OWNERS;

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'move-stores-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function openIndex(folder: string): VectorIndex {
  const index = createLocalIndex({
    folder,
    workerCount: 1,
    memoryBytesMax: 2 ** 20,
    openStoresMax: 8,
    newToken: () => 'token',
  });
  onTestFinished(() => index.closeAll());
  return index;
}

/**
 * A folder from before stores were in folders of their owners; its logs have changes that are not in the databases yet.
 */
async function oldFolder(): Promise<string> {
  const live = newFolder();
  const index = openIndex(live);
  for (const id of OWNERS.keys()) {
    await index.open(id, MODEL);
    const chunk = {
      ordinal: 0,
      text: `${id} words`,
      tokenCount: 2,
      startOffset: 0,
      endOffset: 10,
      page: null,
      line: 1,
    };
    const chunks = [{ ...chunk, vector: new Float32Array([1, 0]) }];
    await index.upsertFile(id, { fileId: 'f1', filename: 'f1.txt', attributes: {}, chunks });
  }
  // As a killed process leaves it.
  const folder = newFolder();
  cpSync(live, folder, { recursive: true });
  writeFileSync(join(folder, 'vs_1.1.graph'), 'a graph');
  expect(existsSync(join(folder, 'vs_1.db-wal'))).toBe(true);
  return folder;
}

async function textsOf(folder: string, id: string): Promise<string[]> {
  const index = openIndex(folder);
  await index.open(id, MODEL);
  const { chunks } = await index.listChunks(id, 'f1', { after: null, limit: 10 });
  await index.closeAll();
  return chunks.map((chunk) => chunk.text);
}

describe('moving stores into the folders of their owners', () => {
  it('keeps everything in them, also what was only in their logs', async () => {
    const folder = await oldFolder();
    expect(await moveStores(folder, ownersOf)).toEqual({ movedCount: 2, keptIds: [] });
    expect(readdirSync(folder).sort()).toEqual(['first', 'second']);
    expect(readdirSync(join(folder, 'first')).sort()).toEqual(['vs_1.1.graph', 'vs_1.db']);
    expect(await textsOf(folder, 'first/vs_1')).toEqual(['vs_1 words']);
    expect(await textsOf(folder, 'second/vs_2')).toEqual(['vs_2 words']);
    expect(await moveStores(folder, ownersOf)).toEqual({ movedCount: 0, keptIds: [] });
  });

  it('continues where a killed process stopped: between a graph and its database, and between two stores', async () => {
    const folder = await oldFolder();
    mkdirSync(join(folder, 'first'));
    renameSync(join(folder, 'vs_1.1.graph'), join(folder, 'first', 'vs_1.1.graph'));
    await moveStores(folder, async () => new Map([['vs_2', 'second']]));
    expect(await moveStores(folder, ownersOf)).toEqual({ movedCount: 1, keptIds: [] });
    expect(await textsOf(folder, 'first/vs_1')).toEqual(['vs_1 words']);
    expect(await textsOf(folder, 'second/vs_2')).toEqual(['vs_2 words']);
  });

  it('skips stores without an owner, and never replaces an existing one', async () => {
    const folder = await oldFolder();
    mkdirSync(join(folder, 'second'));
    writeFileSync(join(folder, 'second', 'vs_2.db'), 'another');
    expect(await moveStores(folder, async () => new Map([['vs_2', 'second']]))).toEqual({
      movedCount: 0,
      keptIds: ['vs_1', 'vs_2'],
    });
    expect(await textsOf(folder, 'vs_1')).toEqual(['vs_1 words']);
    expect(await textsOf(folder, 'vs_2')).toEqual(['vs_2 words']);
  });

  it('moves a damaged store unchanged, so that it is found damaged and not empty', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'vs_1.db'), 'no database at all, whatever its name says'.repeat(100));
    expect(await moveStores(folder, ownersOf)).toEqual({ movedCount: 1, keptIds: [] });
    await expect(openIndex(folder).open('first/vs_1', MODEL)).rejects.toThrow();
  });

  it('fails while another process has a store open', async () => {
    const folder = await oldFolder();
    const other = new Sqlite(join(folder, 'vs_1.db'));
    other.prepare('select count(*) from chunk').get();
    await expect(moveStores(folder, ownersOf)).rejects.toMatchObject({ code: 'busy' });
    other.close();
    expect((await moveStores(folder, ownersOf)).movedCount).toBe(2);
    expect(await textsOf(folder, 'first/vs_1')).toEqual(['vs_1 words']);
  });

  it('does not look up owners for an empty folder or a missing one', async () => {
    const never = () => Promise.reject(new Error('asked'));
    expect(await moveStores(newFolder(), never)).toEqual({ movedCount: 0, keptIds: [] });
    expect(await moveStores(join(newFolder(), 'none'), never)).toEqual({ movedCount: 0, keptIds: [] });
  });
});
