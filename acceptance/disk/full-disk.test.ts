import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, runEspejoToItsEnd, startEspejo } from '../support/espejo.ts';
import { expectError, expectStatus } from '../support/http.ts';

const MB = 2 ** 20;
const DISK_MB = 320;
const FORM = 'multipart/form-data; boundary=b';

/** A small file system, where this machine allows mounting one. */
function mountDisk(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'espejo-test', folder]).status === 0;
}

const folder = mkdtempSync(join(tmpdir(), 'espejo-full-disk-'));
const isMounted = mountDisk(folder);
if (!isMounted) console.warn('SKIPPED: a full disk. This machine does not let this user mount a tmpfs.');

describe.skipIf(!isMounted)('a full disk', () => {
  let espejo: Espejo;

  beforeAll(async () => {
    espejo = await startHere();
  });
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
    spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  const startHere = () =>
    startEspejo({ dataDir: join(folder, 'data'), env: { ESPEJO_SYNC_ENABLED: 'false' }, isWithoutNpm: true });
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  /** Fills the disk from outside Espejo until no more than this is free. */
  function fillTo(leftBytes: number): void {
    const file = openSync(join(folder, 'ballast'), 'a');
    try {
      for (let piece = MB; piece >= 1; ) {
        if (freeBytes() - piece < leftBytes) piece = Math.floor(piece / 2);
        else if (writeSync(file, Buffer.alloc(piece)) < 1) return;
      }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
    } finally {
      closeSync(file);
    }
  }
  const giveBack = (bytes: number) => {
    const path = join(folder, 'ballast');
    truncateSync(path, statSync(path).size - bytes);
  };
  const empty = () => rmSync(join(folder, 'ballast'));

  const form = (name: string, bytes: number) => ({
    headers: { 'content-type': FORM },
    body: Buffer.concat([
      Buffer.from(
        `--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nassistants\r\n--b\r\ncontent-disposition: form-data; name="${name}"; filename="a.txt"\r\n\r\n`.replace(
          name === 'data' ? /^[\s\S]*?(?=--b\r\ncontent-disposition: form-data; name="data")/ : /(?!)/,
          '',
        ),
      ),
      Buffer.alloc(bytes, 'words '),
      Buffer.from('\r\n--b--\r\n'),
    ]),
  });
  async function make(method: string, path: string, options = {}): Promise<string> {
    const answer = await espejo.request(method, path, options);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: expect.toBeOneOf([200, 201]) });
    return (answer.json as { id: string }).id;
  }

  it('answers writes that add data with 507, and still allows deleting, cancelling and emptying the trash', async () => {
    const fileId = await make('POST', '/v1/files', form('file', 1_000));
    const otherId = await make('POST', '/v1/files', form('file', 2 * MB));
    const storeId = await make('POST', '/v1/vector_stores', { json: { name: 'Full', file_ids: [fileId] } });
    const json = { filename: 'parts.txt', purpose: 'assistants', bytes: MB, mime_type: 'text/plain' };
    const uploadId = await make('POST', '/v1/uploads', { json });
    await make('POST', `/v1/uploads/${uploadId}/parts`, form('data', MB));
    expect(existsSync(join(espejo.dataDir, 'deletion-reserve'))).toBe(true);

    // Only the reserve is left.
    fillTo(40 * MB);
    const adding: [string, string, object][] = [
      ['POST', '/v1/files', form('file', 1_000)],
      ['POST', '/v1/uploads', { json }],
      ['POST', `/v1/uploads/${uploadId}/parts`, form('data', 1_000)],
      ['POST', `/v1/uploads/${uploadId}/complete`, { json: { part_ids: [] } }],
      ['POST', '/v1/vector_stores', { json: {} }],
      ['POST', `/v1/vector_stores/${storeId}/files`, { json: { file_id: fileId } }],
      ['POST', `/v1/vector_stores/${storeId}/file_batches`, { json: { file_ids: [fileId] } }],
    ];
    for (const [method, path, options] of adding) {
      const answer = await espejo.request(method, path, options);
      expect([path, answer.status, (answer.json as { error: { code: string } }).error.code]).toEqual([
        path,
        507,
        'disk_full',
      ]);
      expect(answer.headers.get('x-should-retry')).toBe('false');
    }
    const upload = await espejo.request('POST', `/api/vector-stores/${storeId}/uploads?filename=a.txt`, { body: 'x' });
    expectError(upload, 507, 'disk_full');
    expectError(await espejo.request('POST', '/api/sync-runs', { json: {} }), 507, 'disk_full');
    expectStatus(await espejo.request('GET', `/v1/files/${fileId}/content`), 200);

    // Full to the last byte.
    fillTo(0);
    // Espejo also writes in the background, and may have released the reserve before the disk was full.
    if (!existsSync(join(espejo.dataDir, 'deletion-reserve'))) giveBack(16 * MB);
    expect(freeBytes()).toBeLessThan(17 * MB);
    expectStatus(await espejo.request('POST', `/v1/uploads/${uploadId}/cancel`), 200);
    expect(existsSync(join(espejo.dataDir, 'deletion-reserve'))).toBe(false);
    expectStatus(await espejo.request('DELETE', `/v1/files/${otherId}`), 200);
    expectStatus(await espejo.request('DELETE', `/v1/vector_stores/${storeId}/files/${fileId}`), 200);
    expectStatus(await espejo.request('POST', '/api/deletion-plans', { json: { storeIds: [storeId] } }), 200);
    expectStatus(await espejo.request('DELETE', `/v1/vector_stores/${storeId}`), 200);
    expectStatus(await espejo.request('DELETE', `/v1/files/${fileId}`), 200);

    empty();
    const again = await make('POST', '/v1/files', form('file', 3 * MB));
    expectStatus(await espejo.request('GET', `/v1/files/${again}/content`), 200);
  });

  it('does not keep Espejo from starting and deleting', async () => {
    const id = await make('POST', '/v1/files', form('file', 2 * MB));
    await espejo.stop();
    // The reserve was released above; a start with free space creates it again.
    espejo = await startHere();
    expect(existsSync(join(espejo.dataDir, 'deletion-reserve'))).toBe(true);
    await espejo.stop();
    fillTo(0);
    espejo = await startHere();
    expectStatus(await espejo.request('DELETE', `/v1/files/${id}`), 200);
    await espejo.stop();
    // Other files use the space of the reserve too.
    fillTo(0);
    const { code, log } = await runEspejoToItsEnd({ ESPEJO_DATA_DIR: join(folder, 'data'), API_PORT: '0' });
    expect([code, log]).toEqual([1, expect.stringContaining('is full. Free 20 MB or more')]);
    empty();
    espejo = await startHere();
    expectStatus(await espejo.request('GET', '/v1/files'), 200);
  });
});
