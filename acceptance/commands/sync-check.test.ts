import { spawn } from 'node:child_process';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, freePort, ROOT, startEspejo } from '../support/espejo.ts';
import { hold } from '../support/hold.ts';
import { ended, sync, syncOk } from '../support/sync.ts';

let sandbox: RunningSandbox;
let espejo: Espejo;

beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.seed({ stores: 12, filesPerStore: 2 });
  espejo = await startEspejo({
    env: {
      OPENAI_BASE_URL: sandbox.url,
      OPENAI_API_KEY: 'sk-any',
      ESPEJO_SYNC_ENABLED: 'false',
      ESPEJO_REMOVAL_GRACE_S: '0',
    },
  });
  await syncOk(espejo);
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

/** Runs `npm run sync:check` as a cron job or a CI step does. */
function check(
  args: readonly string[] = [],
  env: Record<string, string> = {},
  onOutput: (output: string) => void = () => {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn('npm', ['run', '--silent', 'sync:check', '--', ...args], {
    cwd: ROOT,
    env: { ...process.env, ESPEJO_API_URL: espejo.url, ESPEJO_API_KEY: API_KEY, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
      onOutput(output);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

describe('npm run sync:check', () => {
  it('exits with 0 when the mirror equals upstream', async () => {
    const { code, output } = await check();
    expect(output).toMatch(
      /^OpenAI: 12 stores, 24 attached files and \d+ files compared, 14 requests, [\d.]+ s\nIn sync\.\n$/,
    );
    expect(code).toBe(0);
  });

  it('exits with 1 on drift, prints the differences and changes nothing', async () => {
    const [changed = '', gone = ''] = sandbox.state.storeIds();
    sandbox.state.updateStore(changed, { name: 'Renamed' });
    sandbox.state.deleteStore(gone);
    const added = sandbox.state.createStore({ name: 'New' });
    for (const _ of [1, 2]) {
      const { code, output } = await check();
      expect(output.split('\n')).toEqual(
        expect.arrayContaining([
          `  * ${changed}  "Renamed"  (name)`,
          expect.stringMatching(`^  − ${gone}  `),
          expect.stringMatching(`^  \\+ ${added.id}  "New"`),
          '  stores: +1 *1 −1',
          'Drift.',
        ]),
      );
      expect(code).toBe(1);
    }
    expect((await espejo.call('getVectorStore', { params: { id: changed } })).name).toBe('Store 00001');
    expect(sandbox.requests.writes).toBe(0);
    await syncOk(espejo);
    await syncOk(espejo);
    expect(await check()).toMatchObject({ code: 0 });
  });

  it('finds an edit of attributes alone, which a scheduled quick sync does not see', async () => {
    const [storeId = ''] = sandbox.state.storeIds();
    const [fileId = ''] = (sandbox.state.snapshot().attachments.get(storeId) ?? []).map((row) => row.id);
    sandbox.state.updateAttributes(storeId, fileId, { reviewed: true });
    expect((await sync(espejo, { dryRun: true })).plan?.isInSync).toBe(true);
    const { code, output } = await check();
    expect(output).toMatch(`  * ${storeId}`);
    expect(output).toMatch(/files \*1/);
    expect(code).toBe(1);
  });

  it('exits with 2 when the comparison is incomplete', async () => {
    const [storeId = ''] = sandbox.state.storeIds();
    sandbox.faults.add({ kind: 'status', status: 404, path: `/vector_stores/${storeId}/files` });
    const { code, output } = await check();
    sandbox.faults.clear();
    expect(output).toMatch(`  ! ${storeId}`);
    expect(output).toMatch(/Not checked \(partial\)/);
    expect(code).toBe(2);
  });

  it('waits for a sync that is running', async () => {
    using held = hold(sandbox, /^\/vector_stores$/);
    const { id } = await espejo.call('startSyncRun', { body: { full: true } });
    await held.reached;
    const { code, output } = await check([], {}, (printed) => {
      if (printed.includes('A sync is under way')) held.release();
    });
    expect(output).toMatch(/^A sync is under way; waiting for its end\.\n/);
    expect((await ended(espejo, id)).status).toBe('succeeded');
    expect(code).toBe(0);
  });

  it('checks only the connections given as arguments', async () => {
    expect(await check(['default'])).toMatchObject({ code: 0 });
    const { code, output } = await check(['conn_none']);
    expect(output).toMatch(/no connection with id 'conn_none'/);
    expect(code).toBe(2);
  });

  it('exits with 2 and prints what to do when Espejo does not answer or the key is wrong', async () => {
    const unreachable = await check([], { ESPEJO_API_URL: `http://127.0.0.1:${await freePort()}` });
    expect(unreachable).toMatchObject({ code: 2, output: expect.stringMatching(/does not answer.*ESPEJO_API_URL/) });
    const wrongKey = await check([], { ESPEJO_API_KEY: 'not-the-key' });
    expect(wrongKey).toMatchObject({ code: 2, output: expect.stringMatching(/ESPEJO_API_KEY/) });
    const notEspejo = await check([], { ESPEJO_API_URL: new URL(sandbox.url).origin });
    expect(notEspejo.code).toBe(2);
  });
});
