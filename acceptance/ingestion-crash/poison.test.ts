import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type ApiProcess, spawnApi } from '../support/api-process.ts';
import { API_KEY } from '../support/espejo.ts';

/** Replaces the module that sends files to the parser processes: parsing one of them kills the API's own process. */
const KILLING_READER = `export function createFileReader() {
  return {
    async read({ filename }) {
      if (filename === 'poison.txt') process.kill(process.pid, 'SIGKILL');
      return { ok: true, document: { mimeType: 'text/plain', sections: [{ text: 'words', page: null }] } };
    },
    async end() {},
  };
}`;
const HOOKS = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) {
  return url.endsWith('/parse/process/file-reader.ts')
    ? { format: 'module', source: ${JSON.stringify(KILLING_READER)}, shortCircuit: true }
    : next(url, context);
} });`;
const WAIT = { timeout: 600_000, interval: 50 };

it('a file that ends the process three times while it is parsed fails, and the others are ingested', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'espejo-poison-'));
  const compileCacheDir = mkdtempSync(join(tmpdir(), 'espejo-compiled-'));
  let api: ApiProcess | undefined;
  onTestFinished(async () => {
    api?.kill();
    await api?.exited;
    for (const folder of [dataDir, compileCacheDir]) rmSync(folder, { recursive: true, force: true });
  });
  const start = () =>
    spawnApi({
      dataDir,
      compileCacheDir,
      upstreamUrl: 'http://127.0.0.1:9/v1',
      upstreamKey: 'sk-unused',
      env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(HOOKS)}` },
    });
  const sdkOf = async (process: ApiProcess) => {
    const url = await process.ready;
    if (url === null) throw new Error(`It did not start:\n${process.log}`);
    return new OpenAI({ baseURL: `${url}/v1`, apiKey: API_KEY, maxRetries: 0 });
  };

  api = start();
  const first = await sdkOf(api);
  const store = await first.vectorStores.create({ name: 'poisoned' });
  const upload = async (name: string) =>
    first.files.create({ file: await toFile(Buffer.from(`content of ${name}`), name), purpose: 'assistants' });
  const poison = await upload('poison.txt');
  const good = await upload('good.txt');
  await first.vectorStores.files.create(store.id, { file_id: good.id });
  // The answer may be lost, because the file is parsed at once.
  await first.vectorStores.files.create(store.id, { file_id: poison.id }).catch(() => undefined);
  for (let deaths = 0; deaths < 3; deaths += 1) {
    await api.exited;
    expect(api.isKilled, 'ended by the file, not by the test').toBe(false);
    api = start();
  }

  const last = await sdkOf(api);
  const find = (id: string) => last.vectorStores.files.retrieve(id, { vector_store_id: store.id });
  await vi.waitFor(async () => expect((await find(poison.id)).status).toBe('failed'), WAIT);
  expect((await find(poison.id)).last_error).toEqual({
    code: 'invalid_file',
    message: expect.stringMatching(/process ended 3 times while it read this file/),
  });
  await vi.waitFor(async () => expect((await find(good.id)).status).toBe('completed'), WAIT);
  const { data } = await last.vectorStores.search(store.id, { query: 'words' });
  expect(data.map(({ filename }) => filename)).toEqual(['good.txt']);
}, 1_800_000);
