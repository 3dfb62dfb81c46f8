import { describe, expect, it } from 'vitest';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import { createSyncHarness } from '../../testing/sync-harness.ts';

const REFUSALS = [
  [401, 'upstream_unauthorized', 'unauthorized'],
  [403, 'upstream_forbidden', 'forbidden'],
] as const;

describe.each(REFUSALS)('row 11: a key that is rejected with %i', (status, code, health) => {
  async function inSync() {
    const h = await createSyncHarness({ connection: { removalGraceS: 0, concurrency: 4 } });
    h.sandbox.seed({ stores: 95 });
    h.sandbox.seed({ stores: 25, filesPerStore: 1, sharedFraction: 0 });
    await h.sync();
    h.sandbox.state.deleteStore(h.sandbox.state.storeIds()[0] ?? '');
    h.sandbox.requests.clear();
    return h;
  }

  it('ends the run after two requests: nothing changes, the mirror stays readable and its health says so', async () => {
    const h = await inSync();
    const before = h.mirror();
    h.sandbox.faults.add({ kind: 'status', status });
    const run = await h.sync();
    expect(run).toMatchObject({ status: 'failed', isComplete: false, requests: 2, error: { code } });
    expect(h.sandbox.requests.total).toBe(2);
    expect(h.mirror()).toEqual(before);
    expect(h.missing()).toEqual(NOTHING_MARKED);
    const connection = await h.connection();
    expect(connection).toMatchObject({ healthStatus: health, healthMessage: run.error?.message });
    expect(connection.healthMessage).not.toContain('sk-harness');
  });

  it('ends the run between two pages of stores: no page is applied', async () => {
    const h = await inSync();
    for (const id of h.sandbox.state.storeIds().slice(0, 50)) h.sandbox.state.updateStore(id, { name: 'Changed' });
    const before = h.mirror();
    h.sandbox.faults.add({ kind: 'status', status, path: '/vector_stores', query: { after: '*' } });
    // A page, the rejected one twice, and the check of the key in between.
    expect(await h.sync()).toMatchObject({ status: 'failed', requests: 4, error: { code } });
    expect(h.mirror()).toEqual(before);
    expect(h.missing()).toEqual(NOTHING_MARKED);
  });

  it('ends the run between the files of two stores: no further store is listed, nothing is removed', async () => {
    const h = await inSync();
    await h.sync();
    h.sandbox.requests.clear();
    h.sandbox.faults.add({ kind: 'status', status, path: '/vector_stores/*/files', nth: 6, count: 99 });
    const run = await h.sync({ isFull: true });
    expect(run).toMatchObject({ status: 'failed', error: { code }, counters: { stores: { removed: 0 } } });
    // Two pages of stores, the five listings before, and per worker at most: rejected, a check of the key, rejected.
    expect(h.sandbox.requests.total).toBeLessThanOrEqual(2 + 5 + 4 * 3);
    expect(h.missing().stores).toHaveLength(1);
    expect((await h.connection()).healthStatus).toBe(health);
  });

  it('ends the run at the files of the project: listed rows stay, nothing is removed', async () => {
    const h = await inSync();
    await h.sync();
    h.sandbox.faults.add({ kind: 'status', status, path: '/files' });
    const run = await h.sync({ trigger: 'manual' });
    expect(run).toMatchObject({ status: 'failed', error: { code }, counters: { stores: { removed: 0 } } });
    expect(h.missing().stores).toHaveLength(1);
  });

  it('ends the run while missing items are requested: none is removed, not even those proven gone', async () => {
    const h = await inSync();
    for (const id of h.sandbox.state.storeIds().slice(0, 9)) h.sandbox.state.deleteStore(id);
    await h.sync();
    h.sandbox.requests.clear();
    h.sandbox.faults.add({ kind: 'status', status, path: '/vector_stores/*', nth: 5, count: 99 });
    expect(await h.sync()).toMatchObject({ status: 'failed', error: { code } });
    expect(h.missing().stores).toHaveLength(10);
    expect(h.sandbox.requests.byRoute['GET /vector_stores/*']).toBeLessThanOrEqual(4 + 4 * 2);
  });

  it('leaves no trace once it is accepted again: the next run is complete', async () => {
    const h = await inSync();
    h.sandbox.faults.add({ kind: 'status', status, nth: 4 });
    await h.sync({ isFull: true });
    h.sandbox.faults.clear();
    expect((await h.sync()).status).toBe('succeeded');
    expect((await h.sync()).status).toBe('succeeded');
    expect(h.mirror()).toEqual(h.upstream());
    expect(await h.connection()).toMatchObject({ healthStatus: 'ok', healthMessage: null });
  });
});

describe('a valid key that is rejected once', () => {
  it.each([401, 403])('costs the run two requests and nothing else (HTTP %i)', async (status) => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 3, filesPerStore: 1 });
    h.sandbox.faults.add({ kind: 'status', status, path: '/vector_stores/*/files', nth: 2 });
    const run = await h.sync();
    expect(run).toMatchObject({ status: 'succeeded', requests: 1 + 3 + 1 + 2 });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('is named with its missing scope by the run and the connection; the stores are mirrored', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 3, filesPerStore: 1 });
    h.sandbox.faults.add({ kind: 'missing_scope', path: '/files' });
    const run = await h.sync();
    expect(run).toMatchObject({
      status: 'failed',
      error: {
        code: 'upstream_forbidden',
        message: expect.stringMatching(/read files .* scope api\.files\.read is missing/),
      },
      counters: { stores: { added: 3 } },
    });
    expect((await h.connection()).healthStatus).toBe('forbidden');
  });
});

it('a key that cannot be decrypted any more ends the run with a record, and frees the connection', async () => {
  const h = await createSyncHarness();
  h.sandbox.seed({ stores: 1 });
  h.failUpstream(new Error('the ciphertext cannot be decrypted'));
  for (const trigger of ['startup', 'manual'] as const) {
    const run = await h.sync({ trigger });
    expect(run).toMatchObject({ trigger, status: 'failed', error: { code: 'internal' } });
    expect(h.deps.active.size).toBe(0);
  }
  h.useUpstream({});
  expect((await h.sync()).status).toBe('succeeded');
});
