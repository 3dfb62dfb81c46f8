import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, openBrowser, PASSWORD, setUpOwner } from '../support/browser.ts';
import { type Espejo, ROOT, startEspejo } from '../support/espejo.ts';

let espejo: Espejo;
let ana: Browser;
beforeAll(async () => {
  espejo = await startEspejo({ apiKey: null, env: { ESPEJO_SYNC_ENABLED: 'false' } });
  ana = await setUpOwner(espejo);
});
afterAll(() => espejo?.[Symbol.asyncDispose]());

/** Runs `npm run reset-password` as an operator does. */
function reset(args: readonly string[], dataDir = espejo.dataDir): Promise<{ code: number | null; output: string }> {
  const child = spawn('npm', ['run', '--silent', 'reset-password', '--', ...args], {
    cwd: ROOT,
    env: { ...process.env, ESPEJO_DATA_DIR: dataDir },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

it('npm run reset-password sets a new password while Espejo runs and ends the old sessions', async () => {
  const { code, output } = await reset(['Ana@example.com']);
  expect(code, output).toBe(0);
  const password = /: (\S+)$/m.exec(output)?.[1] ?? '';
  expect(password).toMatch(/^[0-9a-f]{24}$/);
  expect((await ana.request('GET', '/api/status')).status).toBe(401);
  const browser = openBrowser(espejo);
  const signIn = (given: string) =>
    browser.request('POST', '/api/sign-in', { email: 'ana@example.com', password: given });
  expect([(await signIn(PASSWORD)).status, (await signIn(password)).status]).toEqual([401, 200]);
  expect((await browser.request('GET', '/api/audit-events')).text).toContain('account.password_reset');
  expect(espejo.log).not.toContain(password);
});

it('npm run reset-password prints what is missing and fails', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'espejo-none-'));
  try {
    for (const [args, dataDir, words] of [
      [[], espejo.dataDir, /Name an account/],
      [['nobody@example.com'], espejo.dataDir, /no account for nobody@example\.com/],
      [['ana@example.com'], empty, /no Espejo at/],
    ] as const) {
      const { code, output } = await reset(args, dataDir);
      expect([code, output]).toEqual([1, expect.stringMatching(words)]);
      expect(output).not.toMatch(/\n\s+at /);
    }
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
});
