import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asSystem } from '@espejo/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeBackup } from '../backup/make-backup.ts';
import { loadConfig } from '../config.ts';
import { CONFIRMATIONS } from '../confirm/confirm.ts';
import { createSecretBox } from '../secrets.ts';
import { keyContext } from '../services/connections/connection-key.ts';
import { createConnection } from '../services/connections/create-connection.ts';
import { upstreamIdentity } from '../services/deletion/execute/upstream-identity.ts';
import type { Services } from '../services/services.ts';
import { createMemoryLog, lineOf } from '../testing/memory-log.ts';
import { wire } from '../wire.ts';
import { type RotationInput, rotateSecret } from './rotate-secret.ts';

const OLD = 'the old secret of the test, long enough';
const NEW = 'the new secret of the test, long enough';
const KEYS = ['sk-one', 'sk-two'];

/** A data folder with two stored keys and a deletion that waits. */
async function setUp(env: Record<string, string> = {}): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'espejo-rotate-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  await during(dataDir, env, async (services) => {
    for (const apiKey of KEYS) {
      const by = asSystem(services.tenantId, 'test');
      const input = {
        by,
        name: apiKey,
        baseUrl: 'http://127.0.0.1:9/v1',
        apiKey,
        organization: '',
        project: '',
        isSyncEnabled: false,
      };
      const { id } = await createConnection(services, input);
      const row = await services.db.read.connections.find(services.tenantId, id);
      if (row === undefined) throw new Error('The connection was not saved.');
      const step = { connectionId: id, kind: 'delete_file', storeId: null, fileId: 'file-1', name: null } as const;
      await services.db.transaction((tx) =>
        tx.deletionSteps.insert(services.tenantId, `del_${apiKey}`, [
          { ...step, seq: 1, upstreamIdentity: upstreamIdentity(row), snapshot: null },
          { ...step, seq: 2, upstreamIdentity: 'of another key', snapshot: null },
        ]),
      );
    }
  });
  return dataDir;
}

/** Starts Espejo on the folder, and runs `work` meanwhile. */
async function during<T>(
  dataDir: string,
  env: Record<string, string>,
  work: (services: Services, log: string[]) => Promise<T>,
): Promise<T> {
  const log: string[] = [];
  const config = loadConfig({ ESPEJO_DATA_DIR: dataDir, ESPEJO_SYNC_ENABLED: 'false', ...env });
  const services = await wire(
    config,
    createMemoryLog((entry) => log.push(lineOf(entry))),
  );
  try {
    return await work(services, log);
  } finally {
    await services.stop();
    await services.close();
  }
}

/** The decrypted keys, as Espejo starts; and whether waiting deletions still match them. */
const opened = (dataDir: string, env: Record<string, string> = {}) =>
  during(dataDir, env, async ({ db, secrets, tenantId }) => {
    const rows = (await db.read.connections.list(tenantId)).filter((row) => row.apiKeyCipher !== null);
    const keys = rows.map((row) => secrets.open(row.apiKeyCipher ?? '', keyContext(tenantId, row.id))).sort();
    for (const row of rows) {
      expect(row.apiKeyFingerprint).toBe(secrets.fingerprint(row.name));
      const [first, second] = await db.read.deletionSteps.listOfConnection(tenantId, `del_${row.name}`, row.id);
      expect(first?.upstreamIdentity).toBe(upstreamIdentity(row));
      expect(second?.upstreamIdentity).toBe('of another key');
    }
    return keys;
  });

const input = (dataDir: string, fields: Partial<RotationInput> = {}): RotationInput => ({
  dataDir,
  given: null,
  wanted: null,
  newSecret: () => NEW,
  nowMs: () => 1,
  ...fields,
});
const secretIn = (dataDir: string) => readFileSync(join(dataDir, 'secret'), 'utf8').trim();
const secretFiles = (dataDir: string) => readdirSync(dataDir).filter((name) => name.startsWith('secret'));

describe('rotating the secret in the data folder', () => {
  it('encrypts everything again, so that only the new secret decrypts it, audits it, and keeps the file private', async () => {
    const dataDir = await setUp();
    const old = secretIn(dataDir);
    expect(await rotateSecret(input(dataDir))).toEqual({ keyCount: 2, place: 'file' });
    expect(secretIn(dataDir)).toBe(NEW);
    expect(secretFiles(dataDir)).toEqual(['secret']);
    expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600);
    expect(await opened(dataDir)).toEqual(KEYS);
    await during(dataDir, {}, async ({ db, tenantId }) => {
      const filter = { tenantId, text: 'secret.rotated', actor: undefined, kind: undefined };
      const [entry] = await db.read.audit.list(filter, null, 1);
      expect(entry).toMatchObject({ actor: 'rotate-secret', detail: { connections: 2 } });
      for (const { apiKeyCipher, id } of await db.read.connections.list(tenantId)) {
        if (apiKeyCipher === null) continue;
        expect(() => createSecretBox(old).open(apiKeyCipher, keyContext(tenantId, id))).toThrow();
      }
    });
  });

  it.each([
    ['before it is committed', 'nowMs: () => process.kill(process.pid, "SIGKILL")', 'old'],
    ['after it is committed', 'nowMs: () => 1', 'new'],
  ])(
    'leaves data that one of the two secrets decrypts when killed %s, and can be repeated',
    async (_when, clock, survivor) => {
      const dataDir = await setUp();
      const old = secretIn(dataDir);
      const script = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      fs.renameSync = () => process.kill(process.pid, 'SIGKILL');
      syncBuiltinESMExports();
      const { rotateSecret } = await import(${JSON.stringify(new URL('./rotate-secret.ts', import.meta.url).href)});
      await rotateSecret({ dataDir: ${JSON.stringify(dataDir)}, given: null, wanted: null, newSecret: () => ${JSON.stringify(NEW)}, ${clock} });`;
      const end = await new Promise((resolve) => {
        execFile(process.execPath, ['--input-type=module', '-e', script], (error, _out, stderr) =>
          resolve(error?.signal ?? stderr),
        );
      });
      expect(end).toBe('SIGKILL');
      expect(secretFiles(dataDir)).toEqual(['secret', 'secret.next']);
      const backup = { dataDir, folder: join(dataDir, 'backup'), version: '0', createdAt: new Date(0) };
      await expect(makeBackup(backup)).rejects.toThrow('Start Espejo once');

      expect(await opened(dataDir)).toEqual(KEYS);
      expect(secretIn(dataDir)).toBe(survivor === 'old' ? old : NEW);
      expect(secretFiles(dataDir)).toEqual(['secret']);
      expect(
        await rotateSecret(input(dataDir, { newSecret: () => 'the third secret of the test, long enough' })),
      ).toMatchObject({ keyCount: 2 });
      expect(await opened(dataDir)).toEqual(KEYS);
    },
  );

  it('continues after an interrupted one, without a start in between', async () => {
    const dataDir = await setUp();
    const cut = () => {
      throw new Error('The power went.');
    };
    await expect(rotateSecret(input(dataDir, { nowMs: cut }))).rejects.toThrow();
    expect(
      await rotateSecret(input(dataDir, { newSecret: () => 'the third secret of the test, long enough' })),
    ).toMatchObject({ keyCount: 2 });
    expect(await opened(dataDir)).toEqual(KEYS);
  });
});

describe('rotating ESPEJO_SECRET', () => {
  it('encrypts with the given secret; a start with it decrypts everything', async () => {
    const dataDir = await setUp({ ESPEJO_SECRET: OLD });
    const rotated = await rotateSecret(input(dataDir, { given: OLD, wanted: NEW }));
    expect(rotated).toEqual({ keyCount: 2, place: 'environment' });
    expect(secretFiles(dataDir), 'the secret is written nowhere').toEqual([]);
    expect(await opened(dataDir, { ESPEJO_SECRET: NEW })).toEqual(KEYS);
  });

  it.each([
    [{ given: OLD, wanted: null }, 'Give the new one in ESPEJO_SECRET_NEW'],
    [{ given: OLD, wanted: 'short' }, 'at least 32 characters'],
    [{ given: OLD, wanted: OLD }, 'equals the old one'],
    [{ given: 'not the secret it was sealed with', wanted: NEW }, 'not the one that the database was encrypted with'],
    [{ given: null, wanted: NEW }, 'There is no secret'],
  ])('fails with %j, and changes nothing', async (fields, reason) => {
    const dataDir = await setUp({ ESPEJO_SECRET: OLD });
    await expect(rotateSecret(input(dataDir, fields))).rejects.toThrow(reason);
    expect(secretFiles(dataDir)).toEqual([]);
    expect(await opened(dataDir, { ESPEJO_SECRET: OLD })).toEqual(KEYS);
  });
});

it('a rotation of the secret fails while Espejo runs', async () => {
  const dataDir = await setUp();
  const old = secretIn(dataDir);
  await during(dataDir, {}, async () => {
    await expect(rotateSecret(input(dataDir))).rejects.toThrow('Stop it, then rotate');
  });
  expect(secretFiles(dataDir)).toEqual(['secret']);
  expect(secretIn(dataDir)).toBe(old);
  expect(await opened(dataDir)).toEqual(KEYS);
});

it('an ESPEJO_SECRET changed by mistake fails the start and loses nothing: the right one decrypts everything again', async () => {
  const dataDir = await setUp({ ESPEJO_SECRET: OLD });
  const start = during(dataDir, { ESPEJO_SECRET: NEW }, async () => undefined);
  await expect(start).rejects.toThrow(/ESPEJO_SECRET is not the secret .* npm run rotate-secret/);
  expect(await opened(dataDir, { ESPEJO_SECRET: OLD })).toEqual(KEYS);
});

it('an ESPEJO_SECRET confirmed as new starts, and reports the keys that cannot be decrypted', async () => {
  const dataDir = await setUp({ ESPEJO_SECRET: OLD });
  await CONFIRMATIONS['new-secret']?.({ dataDir, nowMs: 1 });
  await during(dataDir, { ESPEJO_SECRET: NEW }, async (services, log) => {
    const row = (await services.db.read.connections.list(services.tenantId)).find((one) => one.name === 'sk-one');
    if (row === undefined) throw new Error('The connection does not exist any more.');
    await expect(services.upstreamFor(row).check()).rejects.toThrow('API key');
    expect(log.join('\n')).toMatch(/a stored API key cannot be decrypted: ESPEJO_SECRET, .* has changed/);
    expect((await services.readiness()).degraded.secret).toContain('2');
  });
  await expect(opened(dataDir, { ESPEJO_SECRET: OLD })).rejects.toThrow(/ESPEJO_SECRET is not the secret/);
});
