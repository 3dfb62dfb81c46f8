import { execFile } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, ROOT, startEspejo } from '../support/espejo.ts';
import { syncOk } from '../support/sync.ts';

const TIMEOUT_MS = 600_000;

describe('npm run backup and npm run restore', { timeout: TIMEOUT_MS }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-backup-'));
  const dataDir = join(folder, 'data');
  const backup = join(folder, 'yesterday');
  let sandbox: RunningSandbox;
  let espejo: Espejo | undefined;
  const ids = { store: '', file: '', kept: '', mirror: '', later: '' };

  const start = () =>
    startEspejo({
      dataDir,
      env: {
        OPENAI_BASE_URL: sandbox.url,
        OPENAI_API_KEY: 'sk-live',
        ESPEJO_SYNC_ENABLED: 'false',
        ESPEJO_REMOVAL_GRACE_S: '0',
      },
    });
  const run = (verb: 'backup' | 'restore', to: string) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const env = { ...process.env, ESPEJO_DATA_DIR: dataDir };
      execFile('npm', ['run', '--silent', verb, '--', to], { cwd: ROOT, env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      );
    });
  const clientOf = ({ url }: Espejo) => new OpenAI({ apiKey: API_KEY, baseURL: `${url}/v1`, maxRetries: 0 });

  beforeAll(async () => {
    sandbox = await startSandbox({ keys: { 'sk-live': 'proj_a' } });
    ids.kept = sandbox.state.createStore({ name: 'Kept' }).id;
    ids.mirror = sandbox.state.createStore({ name: 'Mirrored' }).id;
    espejo = await start();
    await syncOk(espejo);
    const client = clientOf(espejo);
    ids.store = (await client.vectorStores.create({ name: 'Ours' })).id;
    const file = await toFile(Buffer.from('Lighthouses guide ships at night.'), 'light.md');
    const attached = await client.vectorStores.files.uploadAndPoll(ids.store, file, { pollIntervalMs: 20 });
    ids.file = attached.id;
    expect(attached.status).toBe('completed');
  }, TIMEOUT_MS);
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('backs up a running Espejo with a hash of every file and never overwrites another backup', async () => {
    expect(await run('backup', backup)).toMatchObject({ code: 0, output: expect.stringMatching(/^Backed up into/) });
    const manifest = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ format: 1, hasSecret: true, counts: { vector_store: 3, file: 1 } });
    const kinds = manifest.files.map((one: { path: string }) => one.path.split('/')[0]);
    expect(kinds.sort()).toEqual(['blobs', 'espejo.db', 'secret', 'stores']);
    expect(await run('backup', backup)).toMatchObject({ code: 1, output: expect.stringMatching(/is not empty/) });
    expect(await run('backup', join(folder, 'nothing'))).toMatchObject({ code: 0 });
  });

  it('refuses to restore a damaged or newer backup, or into a folder in use, and changes nothing', async () => {
    const damaged = (name: string, damage: (at: string) => void) => {
      const at = join(folder, name);
      cpSync(backup, at, { recursive: true });
      damage(at);
      return run('restore', at);
    };
    expect(await run('restore', backup)).toMatchObject({ code: 1, output: expect.stringMatching(/is running/) });
    await espejo?.stop();
    const before = readdirSync(dataDir);
    const manifest = readFileSync(join(backup, 'manifest.json'), 'utf8');
    const refusals = [
      await damaged('bitten', (at) => appendFileSync(join(at, 'espejo.db'), 'x')),
      await damaged('torn', (at) => rmSync(join(at, 'blobs'), { recursive: true })),
      await damaged('newer', (at) =>
        writeFileSync(join(at, 'manifest.json'), manifest.replace(/"migrationCount": \d+/, '"migrationCount": 9999')),
      ),
      await damaged('other', (at) =>
        writeFileSync(join(at, 'manifest.json'), manifest.replace('"vector_store": 3', '"vector_store": 4')),
      ),
      await run('restore', join(folder, 'no-such-folder')),
    ];
    expect(refusals.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
    expect(refusals.map(({ output }) => /damaged|newer|no complete backup/.exec(output)?.[0])).toEqual([
      'damaged',
      'damaged',
      'newer',
      'damaged',
      'no complete backup',
    ]);
    expect(readdirSync(dataDir)).toEqual(before);
  });

  it('restores a backup: stores answer as before, and the mirror converges without a write upstream', async () => {
    espejo = await start();
    // Changes after the backup, which the restore must undo.
    ids.later = sandbox.state.createStore({ name: 'Made later' }).id;
    sandbox.state.deleteStore(ids.mirror);
    await syncOk(espejo, { full: true });
    await clientOf(espejo).vectorStores.files.delete(ids.file, { vector_store_id: ids.store });
    await espejo.stop();

    expect(await run('restore', backup)).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Restored the backup/),
    });
    expect(readdirSync(dataDir).some((name) => name.startsWith('before-restore-'))).toBe(true);
    expect(existsSync(join(dataDir, 'secret'))).toBe(true);
    sandbox.requests.clear();
    espejo = await start();
    const found = await clientOf(espejo).vectorStores.search(ids.store, { query: 'ships at night' });
    expect(found.data.map((hit) => hit.filename)).toEqual(['light.md']);
    const content = await clientOf(espejo).files.content(ids.file);
    expect(await content.text()).toBe('Lighthouses guide ships at night.');

    await syncOk(espejo, { full: true });
    await syncOk(espejo, { full: true });
    const mirrors = await espejo.call('listVectorStores', { query: { source: 'cache' } });
    expect(mirrors.data.map((store) => store.id).sort()).toEqual([ids.kept, ids.later].sort());
    expect(sandbox.requests.writes).toBe(0);
  });
});
