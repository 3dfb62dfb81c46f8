import { type FaultInput, type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOpenAiUpstream } from './openai-upstream.ts';
import type { UpstreamOptions, UpstreamPage, UpstreamPort } from './port.ts';

/* The fault catalogue over real HTTP: each fault ends a listing or a probe as the port specifies, and in time. */

let sandbox: RunningSandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(async () => {
  await sandbox.close();
});

function connect(options: Partial<UpstreamOptions> = {}): UpstreamPort {
  return createOpenAiUpstream({ baseUrl: sandbox.url, apiKey: 'sk-1', sleep: async () => {}, retryMax: 1, ...options });
}

async function drain<T>(pages: AsyncIterable<UpstreamPage<T>>): Promise<{ readonly rowCount: number; error: unknown }> {
  let rowCount = 0;
  try {
    for await (const page of pages) rowCount += page.items.length;
    return { rowCount, error: null };
  } catch (error) {
    return { rowCount, error };
  }
}

const failedAs = (kind: string) => expect.objectContaining({ name: 'UpstreamError', kind });

describe('a listing with a fault', () => {
  const onThirdPage: Partial<FaultInput> = { path: '/vector_stores', nth: 3, count: 1_000_000 };

  it.each<[string, FaultInput, string]>([
    ['500', { kind: 'status', status: 500 }, 'unavailable'],
    ['401', { kind: 'status', status: 401 }, 'unauthorized'],
    ['403', { kind: 'status', status: 403 }, 'forbidden'],
    ['429', { kind: 'status', status: 429 }, 'rate_limited'],
    ['a dropped connection', { kind: 'drop' }, 'unavailable'],
    ['a truncated body', { kind: 'truncated_body' }, 'malformed'],
    ['HTML with 200', { kind: 'html' }, 'malformed'],
    ['HTML with 404', { kind: 'html', status: 404 }, 'malformed'],
    ['the first page for ever', { kind: 'repeated_page' }, 'malformed'],
    ['an empty page with has_more', { kind: 'empty_page_with_more' }, 'malformed'],
    ['a cursor that is always refused', { kind: 'cursor_rejected' }, 'malformed'],
    ['400', { kind: 'status', status: 400 }, 'malformed'],
    ['418', { kind: 'status', status: 418 }, 'malformed'],
  ])('is not complete with %s from page 3 on', async (_, fault, kind) => {
    sandbox.seed({ stores: 450 });
    sandbox.faults.add({ ...fault, ...onThirdPage } as FaultInput);
    const { rowCount, error } = await drain(connect().listVectorStores());
    expect(error).toEqual(failedAs(kind));
    expect(rowCount % 100).toBe(0);
    expect(rowCount).toBeGreaterThanOrEqual(200);
    expect(sandbox.requests.total).toBeLessThanOrEqual(9);
    expect(sandbox.requests.writes).toBe(0);
  });

  it.each<[string, FaultInput, number]>([
    ['a row without its id', { kind: 'missing_field', field: 'id', row: 50 }, 449],
    ['a row without file_counts', { kind: 'missing_field', field: 'file_counts', row: 99 }, 449],
    ['rows without file_counts', { kind: 'missing_field', field: 'file_counts' }, 350],
    ['an int beyond 2^53', { kind: 'set_field', field: 'usage_bytes', rawJson: '9007199254740993', row: 0 }, 449],
    ['rows of another type', { kind: 'set_field', field: 'object', value: 'file' }, 350],
  ])('gives all other rows and is not complete with %s on page 3', async (_, fault, count) => {
    sandbox.seed({ stores: 450 });
    sandbox.faults.add({ ...fault, path: '/vector_stores', nth: 3 } as FaultInput);
    expect(await drain(connect().listVectorStores())).toEqual({ rowCount: count, error: failedAs('malformed') });
    expect(sandbox.requests.total).toBe(5);
  });

  it('ends with endless has_more', async () => {
    sandbox.seed({ stores: 250 });
    sandbox.faults.add({ kind: 'has_more_forever' });
    expect(await drain(connect().listVectorStores())).toEqual({ rowCount: 250, error: failedAs('malformed') });
    expect(sandbox.requests.total).toBe(4);
  });

  it('gives the pages before the fault: 36 of 60', async () => {
    sandbox.seed({ stores: 6_000 });
    sandbox.faults.add({ kind: 'status', status: 500, nth: 37, count: 100 });
    expect(await drain(connect().listVectorStores())).toEqual({ rowCount: 3_600, error: failedAs('unavailable') });
    expect(sandbox.requests.total).toBe(38);
  });

  it('restarts when the object of its cursor was deleted, and reads the pages before again', async () => {
    await sandbox.close();
    sandbox = await startSandbox({ deletedCursor: 'reject' });
    sandbox.seed({ stores: 250 });
    const upstream = connect();
    let pageCount = 0;
    for await (const page of upstream.listVectorStores()) {
      if (++pageCount === 1) sandbox.state.deleteStore(page.items.at(-1)?.id ?? '');
    }
    // Page 1, the refused cursor, then the three pages of a whole pass.
    expect(upstream.requestCount).toBe(5);
    expect(pageCount).toBe(4);
  });

  it.each([400, 404, 422])('restarts when a server rejects the cursor with HTTP %i', async (status) => {
    sandbox.seed({ stores: 150 });
    sandbox.faults.add({ kind: 'status', status, query: { after: '*' }, nth: 1 });
    expect(await drain(connect().listVectorStores())).toEqual({ rowCount: 250, error: null });
    expect(sandbox.requests.total).toBe(4);
  });

  it('keeps fields of a newer API, and an unknown status', async () => {
    sandbox.seed({ stores: 1 });
    sandbox.faults.add({ kind: 'set_field', field: 'status', value: 'archived' });
    sandbox.faults.add({ kind: 'set_field', field: 'shards', value: { count: 3 } });
    for await (const page of connect().listVectorStores()) {
      expect(page.items[0]).toMatchObject({ status: 'archived', extra: { shards: { count: 3 } } });
    }
  });

  it.each(['listVectorStores', 'listFiles'] as const)(
    'fails for a wrong base URL instead of being empty: %s',
    async (list) => {
      const { error } = await drain<unknown>(connect({ baseUrl: `${sandbox.url}/nowhere` })[list]());
      expect(error).toEqual(failedAs('malformed'));
    },
  );

  it('does not report a store as gone because of a wrong base URL', async () => {
    const { error } = await drain(connect({ baseUrl: `${sandbox.url}/nowhere` }).listAttachments('vs_1'));
    expect(error).toEqual(failedAs('malformed'));
  });
});

describe('a probe of one object', () => {
  const probes: [string, (port: UpstreamPort) => Promise<string>][] = [
    ['store', (port) => port.probeVectorStore('vs_none')],
    ['attachment', (port) => port.probeAttachment('vs_none', 'file-none')],
    ['file', (port) => port.probeFile('file-none')],
  ];

  it.each(probes)('accepts the 404 of the object as absence: %s', async (_, probe) => {
    expect(await probe(connect())).toBe('absent');
  });

  it.each(probes)('accepts nothing else as absence: %s', async (_, probe) => {
    const faults: [FaultInput, string][] = [
      [{ kind: 'status', status: 404 }, 'malformed'],
      [{ kind: 'status', status: 404, message: 'Not found', code: 'not_found' }, 'malformed'],
      [{ kind: 'html', status: 404 }, 'malformed'],
      [{ kind: 'html' }, 'malformed'],
      [{ kind: 'status', status: 200 }, 'malformed'],
      [{ kind: 'status', status: 410 }, 'malformed'],
      [{ kind: 'status', status: 401 }, 'unauthorized'],
      [{ kind: 'status', status: 403 }, 'forbidden'],
      [{ kind: 'status', status: 429 }, 'rate_limited'],
      [{ kind: 'status', status: 500 }, 'unavailable'],
      [{ kind: 'drop' }, 'unavailable'],
    ];
    for (const [fault, kind] of faults) {
      sandbox.faults.clear();
      sandbox.faults.add(fault);
      await expect(probe(connect())).rejects.toEqual(failedAs(kind));
    }
    sandbox.faults.clear();
    const wrongUrl = connect({ baseUrl: `${sandbox.url}/nowhere` });
    await expect(probe(wrongUrl)).rejects.toEqual(failedAs('malformed'));
  });

  it('does not accept another object than the requested one', async () => {
    const { id } = sandbox.state.createStore();
    sandbox.faults.add({ kind: 'set_field', field: 'id', value: 'vs_other' });
    await expect(connect().probeVectorStore(id)).rejects.toEqual(failedAs('malformed'));
    sandbox.faults.clear();
    sandbox.faults.add({ kind: 'set_field', field: 'object', value: 'vector_store.deleted' });
    await expect(connect().probeVectorStore(id)).rejects.toEqual(failedAs('malformed'));
  });
});

describe('the concurrency of requests', () => {
  it('is bounded, with two more slots for interactive calls', async () => {
    await sandbox.close();
    sandbox = await startSandbox({ latencyMs: 20 });
    sandbox.seed({ stores: 1 });
    const [storeId = ''] = sandbox.state.storeIds();
    const upstream = connect({ concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, () => upstream.probeVectorStore(storeId)));
    expect(sandbox.requests.peakInFlight).toBe(3);
    await Promise.all([
      ...Array.from({ length: 12 }, () => upstream.probeVectorStore(storeId)),
      ...Array.from({ length: 4 }, () => upstream.check()),
    ]);
    expect(sandbox.requests.peakInFlight).toBe(5);
    expect(upstream.requestCount).toBe(28);
  });
});
