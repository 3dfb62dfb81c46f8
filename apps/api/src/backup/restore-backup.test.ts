import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@espejo/db';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RESTORE_FOLDER } from '../data-folder/inspect-data-folder.ts';
import { makeBackup } from './make-backup.ts';
import type { Manifest } from './manifest.ts';
import { restoreBackup } from './restore-backup.ts';

const NOW = new Date('2026-01-15T09:00:00Z');
const BYTES = 'the bytes of a file';
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const BLOB = join('blobs', SHA256.slice(0, 2), SHA256.slice(2, 4), SHA256);
const SECRET = 'a secret of thirty-two characters';

/** A data folder with an uploaded file, and a backup of it, both readable by everybody. */
async function setUp() {
  const root = mkdtempSync(join(tmpdir(), 'espejo-restore-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const dataDir = join(root, 'data');
  const folder = join(root, 'backup');
  const db = openDatabase({ path: join(dataDir, 'espejo.db') });
  await db.transaction(async (tx) => {
    await tx.tenants.ensure({ id: 't', name: 't', createdAtMs: 1 });
    await tx.primaryFiles.insert({
      tenantId: 't',
      id: 'file-1',
      filename: 'a.txt',
      purpose: 'assistants',
      mimeType: null,
      sizeBytes: BYTES.length,
      sha256: SHA256,
      createdAtS: 1,
      expiresAtS: null,
      adoptedFrom: null,
    });
  });
  await db.close();
  mkdirSync(join(dataDir, BLOB, '..'), { recursive: true });
  writeFileSync(join(dataDir, BLOB), BYTES);
  writeFileSync(join(dataDir, 'secret'), SECRET);
  for (const name of ['espejo.db', BLOB, 'secret']) chmodSync(join(dataDir, name), 0o644);
  mkdirSync(folder, { mode: 0o755 });
  await makeBackup({ dataDir, folder, version: '0', createdAt: NOW });
  return { root, dataDir, folder, restore: (to = dataDir) => restoreBackup({ folder, dataDir: to, now: NOW }) };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
}

function editManifest(folder: string, edit: (files: Manifest['files']) => void): void {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  edit(manifest.files);
  writeFileSync(path, JSON.stringify(manifest));
}

it('a backup into a folder that others can read, and the restored data, are readable by their owner only', async () => {
  const { root, folder, restore } = await setUp();
  const restored = join(root, 'restored');
  mkdirSync(restored, { mode: 0o755 });
  await restore(restored);
  for (const at of [folder, restored])
    for (const path of filesUnder(at)) expect(statSync(join(at, path)).mode & 0o077, path).toBe(0);
  expect(readFileSync(join(restored, BLOB), 'utf8')).toBe(BYTES);
});

describe('a restore', () => {
  it.each([
    '../payload',
    '/tmp/payload',
    'stores/../../payload.db',
    'blobs/payload',
    `blobs/aa/bb/${SHA256}`,
    'stores\\payload.db',
    'secret.next',
    'installation.json',
    'espejo.db-wal',
    'stores/.db',
    '',
  ])('writes nothing for a manifest that names %j', async (path) => {
    const { root, dataDir, folder, restore } = await setUp();
    const payload = join(folder, 'payload');
    writeFileSync(payload, BYTES);
    writeFileSync(join(root, 'payload'), BYTES);
    const before = filesUnder(root);
    editManifest(folder, (files) => files.push({ path, sizeBytes: BYTES.length, sha256: SHA256 }));
    await expect(restore()).rejects.toThrow(/its manifest names .*, which no backup contains/);
    expect(filesUnder(root)).toEqual(before);
    expect(readdirSync(dataDir)).not.toContain(RESTORE_FOLDER);
  });

  it('rejects a name that occurs twice, and a manifest without a database', async () => {
    const { folder, restore } = await setUp();
    editManifest(folder, (files) => files.push(...files.slice(-1)));
    await expect(restore()).rejects.toThrow(/a file twice, or no database/);
    editManifest(folder, (files) => files.splice(0, files.length));
    await expect(restore()).rejects.toThrow(/a file twice, or no database/);
  });

  it('rejects a backup with a link in place of a file or a folder', async () => {
    const { root, dataDir, folder, restore } = await setUp();
    const before = filesUnder(dataDir);
    const elsewhere = join(root, 'elsewhere');
    writeFileSync(elsewhere, SECRET);
    rmSync(join(folder, 'secret'));
    symlinkSync(elsewhere, join(folder, 'secret'));
    await expect(restore()).rejects.toThrow('secret is missing');
    rmSync(join(folder, 'secret'));
    writeFileSync(join(folder, 'secret'), SECRET);
    const blobs = join(root, 'blobs-elsewhere');
    mkdirSync(blobs);
    rmSync(join(folder, 'blobs'), { recursive: true });
    symlinkSync(blobs, join(folder, 'blobs'));
    await expect(restore()).rejects.toThrow(/blobs\/.* is missing/);
    expect(filesUnder(dataDir)).toEqual(before);
  });

  it('does not follow a link in the data folder', async () => {
    const { root, folder, restore } = await setUp();
    const restored = join(root, 'restored');
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(restored);
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'file'), "another user's file");
    symlinkSync(elsewhere, join(restored, 'blobs'));
    symlinkSync(join(elsewhere, 'file'), join(restored, 'secret'));
    symlinkSync(elsewhere, join(restored, RESTORE_FOLDER));
    const { setAside } = await restore(restored);
    expect(readdirSync(elsewhere)).toEqual(['file']);
    expect(readFileSync(join(elsewhere, 'file'), 'utf8')).toBe("another user's file");
    expect(readdirSync(setAside ?? '').sort()).toEqual(['blobs', 'secret']);
    expect(readFileSync(join(restored, BLOB), 'utf8')).toBe(BYTES);
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe(SECRET);
  });

  it('succeeds after an interrupted one, with all earlier data set aside', async () => {
    const { dataDir, restore } = await setUp();
    mkdirSync(join(dataDir, RESTORE_FOLDER, 'blobs'), { recursive: true });
    writeFileSync(join(dataDir, RESTORE_FOLDER, 'espejo.db'), 'half of it');
    rmSync(join(dataDir, 'espejo.db'));
    const { setAside } = await restore();
    expect(existsSync(join(dataDir, RESTORE_FOLDER))).toBe(false);
    expect(readdirSync(setAside ?? '')).toEqual(expect.arrayContaining(['blobs', 'secret']));
    expect(filesUnder(dataDir).filter((path) => !path.startsWith('before-restore'))).toEqual(
      [BLOB, 'espejo.db', 'secret'].sort(),
    );
  });

  it('replaces a file that is not a database', async () => {
    const { dataDir, restore } = await setUp();
    writeFileSync(join(dataDir, 'espejo.db'), 'no database'.repeat(100));
    const { setAside } = await restore();
    expect(readFileSync(join(setAside ?? '', 'espejo.db'), 'utf8')).toContain('no database');
  });
});
