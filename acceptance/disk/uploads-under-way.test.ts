import { readdirSync, statSync } from 'node:fs';
import { request as open } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { expectStatus } from '../support/http.ts';

const MB = 2 ** 20;
const QUOTA_BYTES = 20 * MB;
/** Bytes written but not yet counted: one buffer per upload. */
const SLACK_BYTES = 2 * MB;
const BOUNDARY = 'b0undary';
const HEAD = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nassistants\r\n--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="open.txt"\r\n\r\n`;

describe('unfinished uploads in a tenant with a quota of 20 MB', () => {
  let espejo: Espejo;
  let markBytes = 0;

  beforeAll(async () => {
    espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
    markBytes = bytesUnder(join(espejo.dataDir, 'blobs'));
    await espejo.call('createPlan', { body: { id: 'small', name: 'Small' } });
    await espejo.call('putTenantPlan', {
      params: { id: 'default' },
      body: { planId: 'small', overrides: { totalBytesMax: QUOTA_BYTES } },
    });
  });
  afterAll(() => espejo?.[Symbol.asyncDispose]());

  const bytesUnder = (folder: string): number =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce(
        (sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
  /** Beside the mark of the folder. */
  const blobBytes = () => bytesUnder(join(espejo.dataDir, 'blobs')) - markBytes;

  /** Measures the blobs while `work` runs; returns their maximum size. */
  async function watchBytes<T>(work: () => Promise<T>): Promise<{ result: T; mostBytes: number }> {
    let mostBytes = 0;
    let isOver = false;
    const look = () => {
      mostBytes = Math.max(mostBytes, blobBytes());
      if (!isOver) setImmediate(look);
    };
    look();
    try {
      return { result: await work(), mostBytes };
    } finally {
      isOver = true;
    }
  }

  /** An upload form that never ends; resolves with the status of its answer, or 0 when it is cut. */
  function openForm(): { readonly answered: Promise<number>; send(bytes: Buffer): Promise<boolean>; cut(): void } {
    const request = open(`${espejo.url}/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    });
    const answered = new Promise<number>((resolve) => {
      request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', () => resolve(0));
      request.on('close', () => resolve(0));
    });
    request.write(HEAD);
    return {
      answered,
      // False: it was answered, or the server stopped reading.
      send: (bytes) =>
        Promise.race([
          new Promise<boolean>((resolve) => request.write(bytes, () => resolve(true))),
          answered.then(() => false),
        ]),
      cut: () => request.destroy(),
    };
  }

  it('never store more than the quota, however many are open, and leave no bytes when the connection is cut', async () => {
    const forms = Array.from({ length: 30 }, openForm);
    const { mostBytes } = await watchBytes(async () => {
      const piece = Buffer.alloc(MB / 4, 1);
      const sendAll = async (form: (typeof forms)[number]) => {
        for (let sent = 0; sent < 8; sent += 1) if (!(await form.send(piece))) return;
      };
      for (const form of forms) void sendAll(form);
      // 60 MB are sent. When no upload fits any more, the first of them is rejected.
      expect(await Promise.race(forms.map(({ answered }) => answered))).toBe(403);
    });
    expect(mostBytes).toBeLessThanOrEqual(QUOTA_BYTES + SLACK_BYTES);
    expect(mostBytes).toBeGreaterThan(10 * MB);
    for (const form of forms) form.cut();
    await expect.poll(blobBytes, { timeout: 20_000 }).toBe(0);
    const whole = await espejo.request('POST', '/v1/files', {
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      body: Buffer.concat([Buffer.from(HEAD), Buffer.alloc(19 * MB, 2), Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
    });
    expectStatus(whole, 200);
    const { id } = whole.json as { id: string };
    expectStatus(await espejo.request('DELETE', `/v1/files/${id}`), 200);
  });

  it('are copied once when completed 20 times at the same time', async () => {
    const json = { filename: 'parts.txt', purpose: 'assistants', bytes: 8 * MB, mime_type: 'text/plain' };
    const upload = await espejo.request('POST', '/v1/uploads', { json });
    expectStatus(upload, 200);
    const { id } = upload.json as { id: string };
    const part = async (fill: number) => {
      const answer = await espejo.request('POST', `/v1/uploads/${id}/parts`, {
        headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
        body: Buffer.concat([
          Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="data"; filename="p"\r\n\r\n`),
          Buffer.alloc(4 * MB, fill),
          Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
        ]),
      });
      expectStatus(answer, 200);
      return (answer.json as { id: string }).id;
    };
    const part_ids = [await part(1), await part(2)];
    const { result, mostBytes } = await watchBytes(() =>
      Promise.all(
        Array.from({ length: 20 }, () => espejo.request('POST', `/v1/uploads/${id}/complete`, { json: { part_ids } })),
      ),
    );
    const statuses = result.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 400)]);
    // The parts, and one copy of them.
    expect(mostBytes).toBeLessThanOrEqual(16 * MB + SLACK_BYTES);
    await expect.poll(blobBytes, { timeout: 20_000 }).toBe(8 * MB);
  });
});
