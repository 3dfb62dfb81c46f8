import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { createWriter, type StoreLedger } from './writer.ts';

/** More rounds: `ESPEJO_SHUTDOWN_ROUNDS=50 npx vitest run --project acceptance acceptance/shutdown`. */
const { ESPEJO_SHUTDOWN_ROUNDS = '4', ESPEJO_SHUTDOWN_SEED } = process.env;
const ROUNDS = Number(ESPEJO_SHUTDOWN_ROUNDS);
const SEED = ESPEJO_SHUTDOWN_SEED === undefined ? randomInt(2 ** 31) : Number(ESPEJO_SHUTDOWN_SEED);
const WRITERS = 8;
/** The maximum number of accepted writes before a stop. */
const WRITES_MAX = 150;
const TIMEOUT_MS = 600_000 + ROUNDS * 200_000;

let sandbox: RunningSandbox;
let dataDir: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  dataDir = mkdtempSync(join(tmpdir(), 'espejo-shutdown-'));
});
afterAll(async () => {
  await sandbox?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = () =>
  startEspejo({
    dataDir,
    isWithoutNpm: true,
    env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any', ESPEJO_SYNC_ENABLED: 'false' },
  });

it(`every write answered with success survives SIGTERM among ${WRITERS} writers, ${ROUNDS} times`, {
  timeout: TIMEOUT_MS,
}, async () => {
  console.log(`Shutdown: seed ${SEED}`);
  const random = seededRandom(SEED);
  let acceptedCount = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const stores: StoreLedger[] = [];
    {
      await using espejo = await start();
      const stopAfter = 1 + Math.floor(random() * WRITES_MAX);
      const time = Promise.withResolvers<void>();
      let accepted = 0;
      const writers = Array.from({ length: WRITERS }, (_, index) =>
        createWriter({
          name: `writer ${round}-${index}`,
          ask: espejo.request,
          random: seededRandom(SEED + round * WRITERS + index),
          onAccepted: () => {
            accepted += 1;
            if (accepted === stopAfter) time.resolve();
          },
        }),
      );
      const running = Promise.all(writers.map((writer) => writer.run()));
      await time.promise;
      expect(await espejo.stop(), `seed ${SEED}, round ${round}`).toBe(0);

      // Every request of a writer was answered or its connection closed.
      await running;
      expect(writers.flatMap((writer) => writer.faults)).toEqual([]);
      expect(espejo.log).not.toMatch(/"level":(50|60)|unhandled|uncaught/i);
      stores.push(...writers.flatMap((writer) => writer.stores));
      acceptedCount += accepted;
    }
    await using again = await start();
    for (const store of stores) await expectKept(again, store);
  }
  expect(acceptedCount).toBeGreaterThan(ROUNDS);
});

/** Asserts that everything accepted for a store exists, and nothing that was never requested. */
async function expectKept(espejo: Espejo, store: StoreLedger): Promise<void> {
  const { id, names, files, deletion } = store;
  const found = await espejo.request('GET', `/v1/vector_stores/${id}`);
  if (deletion === 'accepted') expect({ id, status: found.status }).toEqual({ id, status: 404 });
  if (deletion !== 'none') return;
  expect({ id, status: found.status }).toEqual({ id, status: 200 });
  expect(names).toContain((found.json as { name: string }).name);
  const listed = await espejo.call('listVectorStoreFiles', { params: { id }, query: { limit: 200 } });
  const rows = new Map(listed.data.map((row) => [row.id, row]));
  for (const [fileId, { rounds }] of files) {
    const attributes = rows.get(fileId)?.attributes;
    expect(attributes, `file ${fileId} of store ${id}`).toBeDefined();
    expect(rounds).toContain((attributes as { round?: number } | null)?.round ?? null);
  }
}
