import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TERRAFORM } from './terraform.ts';
import { useSandbox } from './use-terraform.ts';

const KEY = 'sk-acceptance-secret-78';
const MANY = 200;

describe.skipIf(TERRAFORM === null)('terraform during errors and interruptions', () => {
  const { sandbox, open } = useSandbox(KEY);
  const looksAtFiles = () => sandbox().requests.byRoute['GET /vector_stores/*/files/*'] ?? 0;
  const storeNames = () =>
    sandbox()
      .state.snapshot()
      .stores.map(({ name }) => name);

  it(`creates ${MANY} stores exactly once each despite many 429 and lost answers`, async () => {
    const workspace = open();
    workspace.write(`
      resource "openai_vector_store" "many" {
        count = ${MANY}
        name  = "Store \${count.index}"
      }
    `);
    sandbox().faults.add({
      kind: 'status',
      status: 429,
      headers: { 'retry-after-ms': '20' },
      probability: 0.2,
      seed: 3,
    });
    sandbox().faults.add({
      kind: 'drop',
      effect: 'after',
      method: 'POST',
      path: '/vector_stores',
      probability: 0.05,
      seed: 5,
    });
    sandbox().faults.add({
      kind: 'status',
      status: 500,
      method: 'POST',
      path: '/vector_stores',
      probability: 0.05,
      seed: 7,
    });
    await workspace.ok('apply', '-auto-approve', '-parallelism=10');
    expect(
      sandbox()
        .faults.list()
        .every(({ struck }) => struck > 0),
    ).toBe(true);
    sandbox().faults.clear();
    expect(new Set(storeNames()).size).toBe(MANY);
    expect(storeNames()).toHaveLength(MANY);
    expect((await workspace.plan()).actions).toEqual({});
  });

  it('takes over what a killed provider created and creates nothing twice', async () => {
    const workspace = open();
    workspace.write(`
      resource "openai_vector_store" "a" {
        name = "Made once"
      }
      resource "openai_vector_store_file" "own" {
        vector_store_id = openai_vector_store.a.id
        content         = "Uploaded once."
        filename        = "once.md"
      }
    `);
    // The store is created, and its answer is never sent.
    const fault = sandbox().faults.add({ kind: 'hang', effect: 'after', method: 'POST', path: '/vector_stores' });
    const first = workspace.start('apply', '-auto-approve', '-no-color');
    await until(() => storeNames().length === 1);
    killProvider(first.child.pid);
    expect((await first.ended).code).toBe(1);
    sandbox().faults.remove(fault);
    // The file is uploaded and attached, but never completed.
    const stuck = sandbox().faults.add({
      kind: 'set_field',
      method: 'GET',
      path: '/vector_stores/*/files/*',
      field: 'status',
      value: 'in_progress',
    });
    const looksBefore = looksAtFiles();
    const second = workspace.start('apply', '-auto-approve', '-no-color');
    await until(() => looksAtFiles() > looksBefore);
    killProvider(second.child.pid);
    expect((await second.ended).code).toBe(1);
    sandbox().faults.remove(stuck);

    await workspace.applyAndSettle();
    expect(storeNames()).toEqual(['Made once']);
    expect(sandbox().state.snapshot().files).toHaveLength(1);
  });

  it('saves the state when it is interrupted and continues from it', async () => {
    const workspace = open();
    workspace.write(`
      resource "openai_vector_store" "a" {
        name = "A"
      }
      resource "openai_vector_store_file" "own" {
        vector_store_id = openai_vector_store.a.id
        content         = "Slow."
        filename        = "slow.md"
      }
    `);
    const stuck = sandbox().faults.add({
      kind: 'set_field',
      method: 'GET',
      path: '/vector_stores/*/files/*',
      field: 'status',
      value: 'in_progress',
    });
    const looksBefore = looksAtFiles();
    const { child, ended } = workspace.start('apply', '-auto-approve', '-no-color');
    await until(() => looksAtFiles() > looksBefore);
    // Ctrl-C reaches the whole process group.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    const { code, output } = await ended;
    expect(code).toBe(1);
    expect(output).toContain('Stopped');
    expect(workspace.state('openai_vector_store_file.own')).toMatchObject({ status: 'in_progress' });
    sandbox().faults.remove(stuck);
    await workspace.applyAndSettle();
    await workspace.ok('destroy', '-auto-approve');
    expect(sandbox().state.snapshot()).toMatchObject({ stores: [], files: [] });
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 600_000; !isTrue(); ) {
    if (Date.now() > endMs) throw new Error('It did not come to this within two minutes.');
    await delay(20);
  }
}

/** `kill -9` of the provider that this terraform started. */
function killProvider(terraformPid: number | undefined): void {
  for (const line of execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid !== undefined && parent === terraformPid) process.kill(pid, 'SIGKILL');
  }
}
