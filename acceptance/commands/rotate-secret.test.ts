import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, ROOT, startEspejo } from '../support/espejo.ts';
import { syncOk } from '../support/sync.ts';

const TIMEOUT_MS = 1_200_000;

describe('npm run rotate-secret', { timeout: TIMEOUT_MS }, () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'espejo-rotate-'));
  let sandbox: RunningSandbox;
  let espejo: Espejo | undefined;
  beforeAll(async () => {
    sandbox = await startSandbox({ keys: { 'sk-stored': 'proj_a' } });
    sandbox.state.createStore({ name: 'Mirrored' });
  });
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
    await sandbox?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = () => startEspejo({ dataDir, env: { ESPEJO_SYNC_ENABLED: 'false' } });
  const rotate = () =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const env = { ...process.env, ESPEJO_DATA_DIR: dataDir, ESPEJO_SECRET: '', ESPEJO_SECRET_NEW: '' };
      execFile('npm', ['run', '--silent', 'rotate-secret'], { cwd: ROOT, env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      );
    });
  const secret = () => readFileSync(join(dataDir, 'secret'), 'utf8');

  it('is refused while Espejo runs; once stopped, it writes a new secret and the stored key can still be decrypted', async () => {
    espejo = await start();
    const { id } = await espejo.call('createConnection', {
      body: { name: 'Stored', baseUrl: sandbox.url, apiKey: 'sk-stored', organization: '', project: '' },
    });
    await syncOk(espejo, { connectionId: id });
    const before = secret();
    expect(await rotate()).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^Not done: .*Stop it, then rotate/),
    });
    expect(secret()).toBe(before);

    await espejo.stop();
    const done = await rotate();
    expect(done).toMatchObject({ code: 0, output: expect.stringMatching(/^Rotated: 1 stored key is encrypted/) });
    expect(secret()).not.toBe(before);
    expect(done.output).not.toContain(secret().trim());
    espejo = await start();
    await syncOk(espejo, { connectionId: id });
    const { data } = await espejo.call('listAuditEvents', { query: { kind: 'secret' } });
    expect(data[0]).toMatchObject({ action: 'secret.rotated', actor: 'rotate-secret', outcome: 'succeeded' });
  });
});
