import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { until } from '../support/sync.ts';

const STORE = `vs_${'0'.repeat(32)}`;
const FILE = 'file-0123456789abcdefABCDEF';

/** Every path of the protocol with a body, on an existing store (`:store`) and with unknown ids. */
const BODIES = [
  '/vector_stores',
  '/vector_stores/:store',
  '/vector_stores/:store/search',
  '/vector_stores/:store/files',
  `/vector_stores/:store/files/${FILE}`,
  '/vector_stores/:store/file_batches',
  `/vector_stores/${STORE}/search`,
  '/uploads',
  '/uploads/upload_1/complete',
  '/embeddings',
] as const;

describe('hostile requests', () => {
  let espejo: Espejo;
  let storeId = '';
  beforeAll(async () => {
    espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
    const made = await send('POST', '/vector_stores', { body: '{}' });
    storeId = String(Object(made.body).id);
  });
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
  });

  async function send(method: string, path: string, options: { body?: string | FormData; type?: string } = {}) {
    const { body, type = 'application/json' } = options;
    const response = await fetch(`${espejo.url}/v1${path.replace(':store', storeId)}`, {
      method,
      headers: { authorization: `Bearer ${API_KEY}`, ...(type === '' ? {} : { 'content-type': type }) },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as unknown };
  }
  const refusal = (fields: object = {}) => ({
    error: { message: expect.any(String), type: 'invalid_request_error', ...fields },
  });

  it('random JSON at every endpoint is served or rejected in the error format, never a 500 and never internal details', async () => {
    const known = fc.constantFrom(
      'name',
      'query',
      'file_ids',
      'files',
      'metadata',
      'filters',
      'input',
      'model',
      'bytes',
    );
    const body = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.dictionary(known, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...BODIES), body, async (path, value) => {
        const answer = await send('POST', path, { body: JSON.stringify(value) });
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) expect(answer.body).toMatchObject(refusal({ message: expect.any(String) }));
        expect(answer.text).not.toMatch(/SQLITE|node_modules|at async|TypeError|\/data\//);
        expect(answer.headers.get('x-request-id')).toMatch(/\w/);
      }),
      { numRuns: 300 },
    );
  });

  it('random search filters are answered, or rejected with the place of the error', async () => {
    const leaf = fc.record(
      {
        type: fc.oneof(fc.constantFrom('eq', 'ne', 'gt', 'in', 'nin', 'and', 'or'), fc.string({ maxLength: 4 })),
        key: fc.oneof(fc.string(), fc.constant(null)),
        value: fc.jsonValue({ maxDepth: 1 }),
      },
      { requiredKeys: [] },
    );
    const filter = fc.oneof(
      leaf,
      fc.record({ type: fc.constantFrom('and', 'or'), filters: fc.array(leaf, { maxLength: 4 }) }),
    );
    await fc.assert(
      fc.asyncProperty(filter, async (filters) => {
        const answer = await send('POST', '/vector_stores/:store/search', {
          body: JSON.stringify({ query: 'x', filters }),
        });
        expect([200, 400]).toContain(answer.status);
      }),
      { numRuns: 100 },
    );
    const nested = `${'{"type":"and","filters":['.repeat(5000)}{"type":"eq","key":"a","value":1}${']}'.repeat(5000)}`;
    const deep = await send('POST', '/vector_stores/:store/search', { body: `{"query":"x","filters":${nested}}` });
    expect(deep.status).toBe(400);
  });

  it('bodies that are not JSON, too large, of another type or missing are rejected', async () => {
    const many = JSON.stringify({ name: 'x'.repeat(34 * 2 ** 20) });
    expect(await send('POST', '/vector_stores', { body: many })).toMatchObject({ status: 413, body: refusal() });
    const values = `{"file_ids":[${'"",'.repeat(70_000)}""]}`;
    for (const path of ['/vector_stores', '/vector_stores/:store/file_batches', '/embeddings']) {
      expect(await send('POST', path, { body: values })).toMatchObject({ status: 413, body: refusal() });
    }
    const long = JSON.stringify({ name: 'x'.repeat(2 ** 20) });
    expect(await send('POST', '/vector_stores', { body: long })).toMatchObject({ status: 413, body: refusal() });
    expect(await send('POST', '/vector_stores', { body: '{"a":' })).toMatchObject({ status: 400, body: refusal() });
    expect(await send('POST', '/vector_stores', { body: '{"__proto__":{"x":1}}' })).toMatchObject({ status: 400 });
    expect(await send('POST', '/vector_stores', { body: '[]' })).toMatchObject({ status: 400, body: refusal() });
    expect(await send('POST', '/vector_stores', { body: 'a=1', type: 'text/plain' })).toMatchObject({ status: 415 });
    expect(await send('POST', '/vector_stores/:store/files')).toMatchObject({
      status: 400,
      body: refusal({ param: 'file_id', code: 'missing_required_parameter' }),
    });
  });

  it('forms with missing, repeated or unknown parts are rejected and leave no file', async () => {
    const before = (await send('GET', '/files?purpose=batch')).text;
    const forms: [FormData, string][] = [];
    const form = (...entries: [string, string | File][]) => {
      const data = new FormData();
      for (const [name, value] of entries) data.append(name, value);
      return data;
    };
    const file = () => new File(['bytes'], 'a.txt');
    forms.push([form(['purpose', 'batch']), 'file']);
    forms.push([form(['file', file()]), 'purpose']);
    forms.push([form(['file', file()], ['purpose', 'nonsense']), 'purpose']);
    forms.push([form(['file', file()], ['file', file()], ['purpose', 'batch']), 'file']);
    forms.push([form(['file', file()], ['purpose', 'batch'], ['colour', 'red']), 'colour']);
    forms.push([form(['file', 'a text'], ['purpose', 'batch']), 'file']);
    forms.push([
      form(
        ['file', file()],
        ['purpose', 'batch'],
        ['expires_after[anchor]', 'created_at'],
        ['expires_after[seconds]', '5'],
      ),
      'expires_after.seconds',
    ]);
    for (const [body, param] of forms) {
      expect(await send('POST', '/files', { body, type: '' })).toMatchObject({ status: 400, body: refusal({ param }) });
    }
    expect((await send('GET', '/files?purpose=batch')).text).toBe(before);
    // The server still works and accepts a complete form.
    expect(
      await send('POST', '/files', { body: form(['file', file()], ['purpose', 'batch']), type: '' }),
    ).toMatchObject({ status: 200 });
  });

  it('a form that is cut inside a rejected file is answered, and so is the next request', async () => {
    for (const name of ['file', 'other', 'purpose']) {
      const body = `--x\r\ncontent-disposition: form-data; name="${name}"; filename="a.txt"\r\n\r\nhalf of it`;
      const answer = await send('POST', '/files', { body, type: 'multipart/form-data; boundary=x' });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject(refusal());
    }
    expect((await send('GET', '/files')).status).toBe(200);
  });

  describe('a filename is stored as its base name without control characters by every endpoint', () => {
    /** Each endpoint creates a file with this name, and returns its status and the stored name. */
    const endpoints: Record<string, (name: string) => Promise<{ status: number; filename: unknown }>> = {
      async form(name) {
        // In a form a name is quoted, with quotes and line breaks escaped.
        const quoted = name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
        const body = [
          '--x\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nassistants\r\n',
          `--x\r\ncontent-disposition: form-data; name="file"; filename="${quoted}"\r\n\r\ntext\r\n--x--\r\n`,
        ].join('');
        const answer = await send('POST', '/files', { body, type: 'multipart/form-data; boundary=x' });
        return { status: answer.status, filename: Object(answer.body).filename };
      },
      async 'an upload in parts'(name) {
        const fields = { filename: name, purpose: 'assistants', bytes: 4, mime_type: 'text/plain' };
        const answer = await send('POST', '/uploads', { body: JSON.stringify(fields) });
        return { status: answer.status, filename: Object(answer.body).filename };
      },
      async 'the upload of the console'(name) {
        const path = `/api/vector-stores/${storeId}/uploads?filename=${encodeURIComponent(name)}`;
        const answer = await espejo.request('POST', path, { body: 'text', headers: { 'content-type': 'text/plain' } });
        return { status: answer.status === 201 ? 200 : answer.status, filename: Object(answer.json).filename };
      },
    };
    const names: [string, string, string][] = [
      ['a path', '../../etc/passwd', 'passwd'],
      ['a path of Windows', 'C:\\fakepath\\report.txt', 'report.txt'],
      ['NUL', 'nul\0byte.txt', 'nulbyte.txt'],
      ['a line break', 'two\r\nlines.txt', 'twolines.txt'],
      ['letters of any script', 'Größe 料金 😀.md', 'Größe 料金 😀.md'],
      ['300 characters outside the basic plane', '😀'.repeat(300), '😀'.repeat(300)],
    ];
    const noNames: [string, string][] = [
      ['the folder above', '..'],
      ['a folder', 'folder/'],
      ['a control character', '\u0001'],
      ['513 characters', '😀'.repeat(513)],
    ];
    for (const [endpoint, make] of Object.entries(endpoints)) {
      it.each(names)(`${endpoint}: %s is cleaned`, async (_, given, kept) => {
        expect(await make(given)).toEqual({ status: 200, filename: kept });
      });
      it.each(noNames)(`${endpoint}: %s is rejected`, async (_, given) => {
        expect((await make(given)).status).toBe(400);
      });
    }
  });

  it('an empty file is rejected by every endpoint', async () => {
    const empty = new FormData();
    empty.append('file', new File([], 'empty.txt'));
    empty.append('purpose', 'assistants');
    const wire = await send('POST', '/files', { body: empty, type: '' });
    expect(wire).toMatchObject({ status: 400, body: refusal({ message: 'File is empty.', param: 'file' }) });
    const path = `/api/vector-stores/${storeId}/uploads?filename=empty.txt`;
    expect(await espejo.request('POST', path, { body: '' })).toMatchObject({ status: 400 });
    const fields = { filename: 'a', purpose: 'assistants', bytes: 0, mime_type: 'text/plain' };
    expect((await send('POST', '/uploads', { body: JSON.stringify(fields) })).status).toBe(400);
  });

  it('an upload that is interrupted leaves nothing on the disk', async () => {
    const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="half.txt"\r\n\r\n';
    const blobs = () => filesIn(join(espejo.dataDir, 'blobs'));
    const socket = connect(espejo.port, '127.0.0.1');
    socket.write(
      `POST /v1/files HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${API_KEY}\r\n` +
        `content-type: multipart/form-data; boundary=x\r\ncontent-length: 10000000\r\n\r\n${head}${'y'.repeat(200_000)}`,
    );
    // Leftovers of earlier requests may still be being removed.
    const before = new Set(blobs());
    const pieces = () => blobs().filter((path) => !before.has(path));
    await until('the first bytes to arrive', async () => (pieces().length > 0 ? true : undefined));
    socket.destroy();
    await until('the half file to go', async () => (pieces().length === 0 ? true : undefined));
    expect(await send('GET', '/vector_stores')).toMatchObject({ status: 200 });
  });

  it('malformed paths and ids are rejected', async () => {
    expect(await send('GET', '/vector_stores/%2e%2e%2fetc')).toMatchObject({ status: 400 });
    expect(await send('GET', `/vector_stores/vs_${'x'.repeat(300)}`)).toMatchObject({
      status: expect.toSatisfy((status: number) => status === 400 || status === 404),
    });
    expect(await send('GET', '/files/..%00')).toMatchObject({ status: 404 });
    expect(await send('GET', '/assistants')).toMatchObject({ status: 404, body: refusal() });
    expect(await send('PUT', '/files')).toMatchObject({
      status: 405,
      headers: expect.toSatisfy((headers: Headers) => headers.get('allow') === 'GET, HEAD, POST'),
    });
    expect(await send('GET', '/vector_stores?limit=abc')).toMatchObject({
      status: 400,
      body: refusal({ param: 'limit' }),
    });
    expect(await send('GET', `/vector_stores?after=${STORE}`)).toMatchObject({
      status: 400,
      body: refusal({ param: 'after' }),
    });
  });
});

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
