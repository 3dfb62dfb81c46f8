import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECRET_LENGTH_MIN } from '@espejo/core';
import { openDatabase } from '@espejo/db';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../config.ts';
import { createMemoryLog, lineOf } from '../testing/memory-log.ts';
import { wire } from '../wire.ts';
import { SECRET_CHECK_FACT } from './installation-facts.ts';
import { createDurably, writeDurably } from './write-durably.ts';

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-folder-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts Espejo on a folder, and stops it again. Returns its log. */
async function startOn(dataDir: string, env: Record<string, string> = {}): Promise<string> {
  const lines: string[] = [];
  const config = loadConfig({ ESPEJO_DATA_DIR: dataDir, ESPEJO_SYNC_ENABLED: 'false', ...env });
  const services = await wire(
    config,
    createMemoryLog((entry) => lines.push(lineOf(entry))),
  );
  await services.stop();
  await services.close();
  return lines.join('\n');
}

describe('the secret in the data folder', () => {
  it('is created once, readable by its owner only, and found again', async () => {
    const dataDir = join(tempFolder(), 'new', 'data');
    await startOn(dataDir);
    const secret = readFileSync(join(dataDir, 'secret'), 'utf8');
    expect(secret.trim().length).toBeGreaterThanOrEqual(SECRET_LENGTH_MIN);
    expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    await startOn(dataDir);
    expect(readFileSync(join(dataDir, 'secret'), 'utf8')).toBe(secret);
    expect(readdirSync(dataDir).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it.each(['', 'abcde', 'x'.repeat(31)])(
    'fails the start when it is %j, also in a new folder, and nothing is created',
    async (text) => {
      const dataDir = tempFolder();
      await startOn(dataDir);
      writeFileSync(join(dataDir, 'secret'), text);
      await expect(startOn(dataDir)).rejects.toThrow(/file secret in .* (is empty|has \d+ characters)/);
      const other = tempFolder();
      writeFileSync(join(other, 'secret'), text);
      await expect(startOn(other)).rejects.toThrow(/There is no database/);
      expect(readdirSync(other)).toEqual(['secret']);
    },
  );

  it('loses the read permission of other users, like the database', async () => {
    const dataDir = tempFolder();
    await startOn(dataDir);
    for (const name of ['secret', 'espejo.db']) chmodSync(join(dataDir, name), 0o664);
    expect(await startOn(dataDir)).toMatch(/a file that others could read is readable by its owner only again/);
    for (const name of ['secret', 'espejo.db']) expect(statSync(join(dataDir, name)).mode & 0o077).toBe(0);
  });
});

it('a short ESPEJO_SECRET is accepted in an existing installation, with a warning in the log', async () => {
  const dataDir = tempFolder();
  const short = { ESPEJO_SECRET: 's'.repeat(16) };
  await expect(startOn(dataDir, short)).rejects.toThrow(/a new installation needs at least 32/);
  await startOn(dataDir, { ESPEJO_SECRET: 's'.repeat(32) });
  await expect(startOn(dataDir, short)).rejects.toThrow(/ESPEJO_SECRET is not the secret/);
  // An installation of a version that accepted such a secret.
  const db = openDatabase({ path: join(dataDir, 'espejo.db') });
  await db.transaction((tx) => tx.installationFacts.remove(SECRET_CHECK_FACT));
  await db.close();
  for (let round = 0; round < 2; round += 1)
    expect(await startOn(dataDir, short)).toMatch(/ESPEJO_SECRET has 16 characters.*npm run rotate-secret/);
});

it('the installation is named once, in the database and in three folders', async () => {
  const dataDir = tempFolder();
  await startOn(dataDir);
  const marks = () =>
    ['.', 'blobs', 'stores'].map((name) => readFileSync(join(dataDir, name, 'installation.json'), 'utf8'));
  const [first] = marks();
  expect(first).toMatch(/"inst_[0-9a-f]{32}"/);
  rmSync(join(dataDir, 'blobs', 'installation.json'));
  await startOn(dataDir);
  expect(marks()).toEqual([first, first, first]);
});

describe('a durable file', () => {
  it('is replaced as a whole, readable by its owner only, without leftovers', () => {
    const folder = tempFolder();
    const path = join(folder, 'file');
    writeFileSync(path, 'before', { mode: 0o644 });
    writeDurably(path, 'after');
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['after', 0o600]);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('is not created over an existing one', () => {
    const folder = tempFolder();
    expect(createDurably(join(folder, 'file'), 'first')).toBe(true);
    expect(createDurably(join(folder, 'file'), 'second')).toBe(false);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['file']);
  });
});
