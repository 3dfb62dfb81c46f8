import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeStart } from '@espejo/core';
import { openDatabase } from '@espejo/db';
import { expect, it, onTestFinished } from 'vitest';
import { inspectDataFolder } from '../data-folder/inspect-data-folder.ts';
import { makeBackup } from './make-backup.ts';
import { restoreBackup } from './restore-backup.ts';

/** More than a restore of this folder has renames: the last rounds complete. */
const RENAMES_MAX = 10;
const NOW = new Date('2026-01-15T09:00:00Z');

/** An installation with one tenant of this name, and one file with that content. */
async function fill(dataDir: string, name: string): Promise<void> {
  const sha256 = createHash('sha256').update(name).digest('hex');
  const blob = join(dataDir, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  const db = openDatabase({ path: join(dataDir, 'espejo.db') });
  await db.transaction(async (tx) => {
    await tx.tenants.ensure({ id: name, name, createdAtMs: 1 });
    await tx.primaryFiles.insert({
      tenantId: name,
      id: 'file-1',
      filename: 'a.txt',
      purpose: 'assistants',
      mimeType: null,
      sizeBytes: name.length,
      sha256,
      createdAtS: 1,
      expiresAtS: null,
      adoptedFrom: null,
    });
  });
  await db.close();
  mkdirSync(join(blob, '..'), { recursive: true });
  writeFileSync(blob, name);
  writeFileSync(join(dataDir, 'secret'), `the secret of ${name}, of thirty-two`.padEnd(40, '.'));
}

async function tenantOf(path: string): Promise<string | undefined> {
  const db = openDatabase({ path });
  const [first] = await db.read.tenants.list();
  await db.close();
  return first?.id;
}

const contentsUnder = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /[0-9a-f]{64}$/.test(path) && statSync(join(folder, path)).isFile())
    .map((path) => readFileSync(join(folder, path), 'utf8'));

it('a restore killed before any of its renames loses nothing, is not taken for complete, and can be run again', async () => {
  const root = mkdtempSync(join(tmpdir(), 'espejo-killed-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, 'backup');
  await fill(join(root, 'yesterday'), 'yesterday');
  await makeBackup({ dataDir: join(root, 'yesterday'), folder, version: '0', createdAt: NOW });
  let killed = 0;
  for (let nth = 1; nth <= RENAMES_MAX; nth += 1) {
    const dataDir = join(root, `data-${nth}`);
    await fill(dataDir, 'today');
    const script = `
      import fs from 'node:fs/promises';
      import { syncBuiltinESMExports } from 'node:module';
      const { rename } = fs;
      let left = ${nth};
      fs.rename = (...args) => {
        left -= 1;
        if (left === 0) process.kill(process.pid, 'SIGKILL');
        return rename(...args);
      };
      syncBuiltinESMExports();
      const { restoreBackup } = await import(${JSON.stringify(new URL('./restore-backup.ts', import.meta.url).href)});
      await restoreBackup({ folder: ${JSON.stringify(folder)}, dataDir: ${JSON.stringify(dataDir)}, now: new Date() });`;
    const end = await new Promise((resolve) => {
      execFile(process.execPath, ['--input-type=module', '-e', script], (error, _out, stderr) =>
        resolve(error?.signal ?? stderr.replace(/\(node:.*\n.*\n?/, '')),
      );
    });
    const result = judgeStart(inspectDataFolder(dataDir, null));
    if (end === 'SIGKILL') {
      killed += 1;
      expect(contentsUnder(dataDir), `rename ${nth}`).toContain('today');
      // Before the first rename everything is as it was; after it only a restore helps.
      if (nth === 1) expect([result.kind, await tenantOf(join(dataDir, 'espejo.db'))]).toEqual(['start', 'today']);
      else
        expect(result, `rename ${nth}`).toMatchObject({
          message: expect.stringMatching(/was cut short.*npm run restore/),
        });
      await restoreBackup({ folder, dataDir, now: NOW });
    } else expect(end).toBe('');
    expect(await tenantOf(join(dataDir, 'espejo.db'))).toBe('yesterday');
    expect(judgeStart(inspectDataFolder(dataDir, null)).kind).toBe('start');
    expect(new Set(contentsUnder(dataDir))).toEqual(new Set(['today', 'yesterday']));
    for (const name of ['restore.partial', 'restore.copying']) expect(existsSync(join(dataDir, name))).toBe(false);
  }
  expect(killed).toBeGreaterThan(4);
  expect(killed).toBeLessThan(RENAMES_MAX);
});
