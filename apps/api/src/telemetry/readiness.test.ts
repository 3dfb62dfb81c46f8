import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@espejo/db';
import { createLexicalEmbedder } from '@espejo/retrieval';
import { expect, it, onTestFinished } from 'vitest';
import { addConnection } from '../testing/add-connection.ts';
import { createApiHarness, TENANT } from '../testing/api-harness.ts';
import { ALL_WELL } from '../testing/levels.ts';
import { checkReadiness, freeBytes, type ReadinessDeps } from './readiness.ts';

async function setUp(): Promise<{ deps: ReadinessDeps; data: string; db: Database }> {
  const data = mkdtempSync(join(tmpdir(), 'espejo-ready-'));
  const folders = { data, blobs: join(data, 'blobs'), stores: join(data, 'stores') };
  mkdirSync(folders.blobs);
  mkdirSync(folders.stores);
  const db = openDatabase({ path: join(data, 'espejo.db') });
  onTestFinished(async () => {
    await db.close();
    rmSync(data, { recursive: true, force: true });
  });
  const deps: ReadinessDeps = {
    db,
    folders,
    embedder: createLexicalEmbedder(),
    embeddingFault: () => null,
    ingestionFault: () => null,
    schedulerFault: () => null,
    clockFault: () => null,
    sweepQuestion: () => null,
    secretWarnings: [],
    unopenedCount: async () => 0,
    freeBytes: async () => 2 ** 40,
  };
  return { deps, data, db };
}

it('readiness has no reasons when all is well', async () => {
  const { deps } = await setUp();
  expect(await checkReadiness(deps)).toEqual({ checks: ALL_WELL, degraded: {} });
});

const broken = async (): Promise<never> => {
  throw new Error('a secret of the inside');
};
const BREAKS: readonly [string, (deps: ReadinessDeps, data: string) => ReadinessDeps | Promise<ReadinessDeps>][] = [
  [
    'database',
    async (deps) => {
      await deps.db.close();
      return deps;
    },
  ],
  [
    'blobs',
    (deps) => {
      rmSync(deps.folders.blobs, { recursive: true });
      return deps;
    },
  ],
  [
    'stores',
    (deps) => {
      rmSync(deps.folders.stores, { recursive: true });
      writeFileSync(deps.folders.stores, '');
      return deps;
    },
  ],
  ['embedder', (deps) => ({ ...deps, embedder: { ...deps.embedder, embed: broken } })],
  ['ingestion', (deps) => ({ ...deps, ingestionFault: () => 'It has not started yet.' })],
  ['scheduler', (deps) => ({ ...deps, schedulerFault: () => 'It has not started yet.' })],
  ['disk', (deps) => ({ ...deps, freeBytes: async () => 2 ** 20 - 1 })],
];

it.each(BREAKS)('readiness names a broken %s, and nothing else', async (part, breakIt) => {
  const { deps, data } = await setUp();
  const { checks } = await checkReadiness(await breakIt(deps, data));
  expect({ ...checks, [part]: 'ok' }).toEqual(ALL_WELL);
  expect(checks[part as keyof typeof checks]).toMatch(/^[A-Z0-9].*\.$/);
  expect(JSON.stringify(checks)).not.toContain('secret');
});

it('readiness stays ready while another system has problems, and names them', async () => {
  const { deps } = await setUp();
  const h = await createApiHarness();
  for (const [project, fields] of [
    ['one', { healthStatus: 'unavailable' }],
    ['two', { healthStatus: 'unauthorized', isEnabled: false }],
    ['three', { healthStatus: 'ok' }],
  ] as const) {
    const { id } = await addConnection(h, { name: project, project });
    await h.db.transaction((tx) => tx.connections.update(TENANT, id, fields));
  }
  expect((await h.db.read.connections.list(TENANT)).length).toBe(3);
  const remote = { ...deps.embedder, model: { ...deps.embedder.model, kind: 'remote' as const }, embed: broken };
  const { checks, degraded } = await checkReadiness({
    ...deps,
    db: h.db,
    embedder: remote,
    embeddingFault: () => 'Embeddings could not be made.',
    unopenedCount: async () => 2,
    freeBytes: async () => 500 * 2 ** 20,
  });
  expect(checks).toEqual(ALL_WELL);
  expect(degraded).toEqual({
    upstream: 'Connections with a problem: 1. The console says why.',
    embeddings: 'Embeddings could not be made.',
    secret: 'Stored keys that cannot be decrypted: 2. The secret has changed.',
    disk: '500 MB are left in the data folder.',
  });
});

it('readiness stays ready with only the reserve of the disk left: existing data can still be read and deleted', async () => {
  const { deps } = await setUp();
  const { checks, degraded } = await checkReadiness({ ...deps, freeBytes: async () => 63 * 2 ** 20 });
  expect(checks).toEqual(ALL_WELL);
  expect(degraded.disk).toContain('nothing can be added');
});

it('readiness has the bytes that may still be written', async () => {
  expect(await freeBytes(tmpdir())).toBeGreaterThan(0);
});
