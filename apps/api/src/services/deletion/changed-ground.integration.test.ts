import { setTimeout as delay } from 'node:timers/promises';
import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import type { DeletionHarness } from '../../testing/deletion-harness.ts';
import { CONNECTION_ID, MINUTE_MS, TENANT_ID } from '../../testing/sync-harness.ts';
import { threeStores } from '../../testing/three-stores.ts';
import { deleteConnection } from '../connections/delete-connection.ts';
import type { ConnectionContext } from '../context/app-context.ts';

/** Starts a deletion, and holds its first step until upstream or primary rows have been changed. */
async function meanwhile(
  h: DeletionHarness,
  asked: Parameters<DeletionHarness['plan']>[0],
  hold: { method: string; path: RegExp },
  happens: () => unknown,
) {
  const { planHash } = await h.plan(asked);
  const pause = h.pauseRequest(hold.method, hold.path);
  const id = await h.start(planHash);
  await pause.reached;
  await happens();
  pause.release();
  await h.deps.deletionWorkers.idle();
  return h.get(id);
}

const DETACH = { method: 'DELETE', path: /^\/vector_stores\/.+\/files\// };
/** Longer than the check interval of a worker. */
const LOOK_MS = 150;

async function edit(h: DeletionHarness, patch: object | null): Promise<void> {
  await h.db.transaction((tx) =>
    patch === null
      ? tx.connections.remove(TENANT_ID, CONNECTION_ID)
      : tx.connections.update(TENANT_ID, CONNECTION_ID, patch),
  );
  await delay(LOOK_MS);
}

describe('a file attached while a deletion is running', () => {
  it('parks the deletion of its store when that is in the plan, as the plan did not show the file', async () => {
    const { h, state, a, b } = await threeStores();
    const added = state.createFile({ filename: 'added.txt', content: 'x' }).id;
    const deletion = await meanwhile(h, { storeIds: [a, b] }, DETACH, () =>
      state.attach({ storeId: a, fileId: added }),
    );
    expect(deletion).toMatchObject({
      status: 'parked',
      message: expect.stringMatching(new RegExp(`'${added}' was added to the store.*new plan`)),
      steps: { parked: 1, pending: 0 },
    });
    expect(Object.keys(h.upstream().stores)).toEqual(expect.arrayContaining([a]));
    expect(Object.keys(h.upstream().stores)).not.toContain(b);
    expect(h.upstream().files[added]).toBeDefined();
    // A retry changes nothing, a new plan does.
    await h.retry(deletion.id);
    await h.deps.deletionWorkers.idle();
    expect((await h.get(deletion.id)).status).toBe('parked');
    expect((await h.carryOut({ storeIds: [a] })).status).toBe('succeeded');
    expect(h.upstream().files[added]).toBeUndefined();
  });

  it('is deleted when it is itself in the plan', async () => {
    const { h, state, a, b, one } = await threeStores({ sandbox: { ghostMode: 'listed' } });
    const deletion = await meanwhile(h, { storeIds: [a, b] }, DETACH, () => state.attach({ storeId: b, fileId: one }));
    expect(deletion.status).toBe('succeeded');
    expect(h.upstream().files[one]).toBeUndefined();
  });

  it('is kept when its store is outside the plan and the plan is old enough to be read again', async () => {
    const { h, state, a, c, one } = await threeStores({ connection: { concurrency: 1 } });
    const deletion = await meanwhile(h, { storeIds: [a] }, DETACH, () => {
      state.attach({ storeId: c, fileId: one });
      h.clock.advance(MINUTE_MS + 1);
    });
    expect(deletion).toMatchObject({ status: 'succeeded', steps: { total: 4, done: 3, cancelled: 1, parked: 0 } });
    const [kept] = await h.steps(deletion.id, 'cancelled');
    expect(kept).toMatchObject({
      kind: 'delete_file',
      fileId: one,
      reason: expect.stringMatching(new RegExp(`^Kept.*'${c}' uses it`)),
    });
    const { stores, files, attachments } = h.upstream();
    expect(files[one]).toBeDefined();
    expect(attachments[`${c}/${one}`]).toBeDefined();
    expect(stores[a], 'the store does not wait for it').toBeUndefined();
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
  });

  it.each([
    ['parked and tried again days later', 'retry'],
    ['taken up after a restart', 'resume'],
  ] as const)('is kept when its store is outside the plan and the deletion was %s', async (_, how) => {
    const { h, state, a, c, one } = await threeStores();
    h.sandbox.faults.add({ kind: 'status', status: 401, method: 'DELETE', path: '/files/*' });
    const id = await h.start((await h.plan({ storeIds: [a] })).planHash);
    await h.deps.deletionWorkers.idle();
    expect((await h.get(id)).status).toBe('parked');
    h.sandbox.faults.clear();
    state.attach({ storeId: c, fileId: one });
    if (how === 'retry') {
      await h.retry(id);
      await h.deps.deletionWorkers.idle();
    } else {
      await h.db.transaction(async (tx) => {
        await tx.deletionSteps.moveAll(TENANT_ID, id, { from: 'parked', to: 'pending', reason: null });
        await tx.deletions.update(TENANT_ID, id, { status: 'running' });
      });
      const next = await h.openDeletionProcess('another-host/1/boot');
      await next.deps.deletionWorkers.resume(TENANT_ID);
      await next.deps.deletionWorkers.idle();
    }
    expect(await h.get(id)).toMatchObject({ status: 'succeeded', steps: { cancelled: 1 } });
    expect(h.upstream().files[one]).toBeDefined();
    expect(h.upstream().attachments[`${c}/${one}`]).toBeDefined();
  });

  it('is found every minute, with one list of stores and the lists of the other tools when nothing has moved', async () => {
    const { h, a, one, two } = await threeStores({ connection: { concurrency: 1 } });
    const { planHash } = await h.plan({ storeIds: [a] });
    const pause = h.pauseRequest('DELETE', /./);
    await h.start(planHash);
    await pause.reached;
    h.clock.advance(MINUTE_MS + 1);
    const before = h.sandbox.requests.total;
    pause.release();
    await h.deps.deletionWorkers.idle();
    const acts = h.sandbox.requests.entries.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(acts.slice(0, 3)).toEqual(['GET /vector_stores', 'GET /containers', 'GET /assistants']);
    expect(acts.slice(3).sort()).toEqual([
      `DELETE /files/${one}`,
      `DELETE /vector_stores/${a}`,
      expect.stringMatching(new RegExp(`^DELETE /vector_stores/${a}/files/(${one}|${two})$`)),
      `GET /files/${one}`,
      `GET /vector_stores/${a}`,
      `GET /vector_stores/${a}/files`,
    ]);
  });
});

describe('a connection that is edited while a deletion is running', () => {
  const OTHER_KEY = { apiKeyCipher: 'sk-b', apiKeyFingerprint: 'b' };
  const twoProjects = () =>
    threeStores({
      sandbox: { keys: { 'sk-a': 'proj_a', 'sk-b': 'proj_b' } },
      connection: { apiKeyCipher: 'sk-a', apiKeyFingerprint: 'a', concurrency: 1 },
    });

  it.each([
    ['another key', OTHER_KEY],
    ['another address', { baseUrl: 'http://127.0.0.1:9/v1' }],
    ['another project', { project: 'proj_z' }],
    ['another organization', { organization: 'org-z' }],
  ])('parks the deletion with %s: no 404 counts as gone', async (_, patch) => {
    const { h, a, b } = await twoProjects();
    const deletion = await meanwhile(h, { storeIds: [a, b] }, DETACH, () => edit(h, patch));
    expect(deletion).toMatchObject({
      status: 'parked',
      message: expect.stringMatching(/another address, key or project.*new plan/),
      steps: { pending: 0 },
    });
    // Steps in progress end where they were planned; nothing else was changed, and the mirror takes no answer of the
    // other project.
    expect(deletion.steps.done).toBeLessThanOrEqual(2);
    expect(Object.keys(h.upstream().stores)).toEqual(expect.arrayContaining([a, b]));
    expect(h.mirror()).toMatchObject({ stores: { [a]: {}, [b]: {} } });
    await h.retry(deletion.id);
    await h.deps.deletionWorkers.idle();
    expect((await h.get(deletion.id)).status, 'a retry does not help').toBe('parked');
    expect(Object.keys(h.upstream().stores)).toEqual(expect.arrayContaining([a, b]));
    // With the old settings back the same deletion goes on.
    await edit(h, { ...(await baseOf(h)), project: null, organization: null });
    await h.retry(deletion.id);
    await h.deps.deletionWorkers.idle();
    expect((await h.get(deletion.id)).status).toBe('succeeded');
  });

  const baseOf = async (h: DeletionHarness) => ({
    baseUrl: h.sandbox.url,
    apiKeyCipher: 'sk-a',
    apiKeyFingerprint: 'a',
  });

  it('makes the plan stale when the project has changed before the start, but not for another key of the same one', async () => {
    const { h, a } = await twoProjects();
    const { planHash } = await h.plan({ storeIds: [a] });
    await edit(h, OTHER_KEY);
    await expect(h.start(planHash)).rejects.toMatchObject({ code: 'upstream_unauthorized' });
    await edit(h, { ...(await baseOf(h)), apiKeyFingerprint: 'c' });
    await expect(h.start(planHash), 'another key of the same project reads the same').resolves.toMatch(/^del_/);
  });

  it('stops the deletion when disabled; it goes on once the connection is enabled and the deletion retried', async () => {
    const { h, a } = await twoProjects();
    const deletion = await meanwhile(h, { storeIds: [a] }, DETACH, () => edit(h, { isEnabled: false }));
    expect(deletion).toMatchObject({ status: 'parked', message: expect.stringMatching(/is disabled/) });
    await edit(h, { isEnabled: true });
    await h.retry(deletion.id);
    await h.deps.deletionWorkers.idle();
    expect((await h.get(deletion.id)).status).toBe('succeeded');
  });

  it('cannot be deleted: 409 connection_busy, until the deletion is over', async () => {
    const { h, a } = await threeStores();
    const scheduler = { set: () => undefined, remove: () => undefined, stop: () => undefined };
    const deps = { ...h.syncs.deps, scheduler } as unknown as ConnectionContext;
    const remove = () => deleteConnection(deps, { by: asSystem(TENANT_ID, 'tester'), id: CONNECTION_ID });
    const deletion = await meanwhile(h, { storeIds: [a] }, DETACH, async () => {
      await expect(remove()).rejects.toMatchObject({ code: 'connection_busy', status: 409 });
    });
    expect(deletion.status).toBe('succeeded');
    await remove();
    expect(await h.db.read.connections.list(TENANT_ID)).toEqual([]);
    expect((await h.get(deletion.id)).status, 'its ledger stays').toBe('succeeded');
  });

  it('parks the remaining steps when it was deleted all the same', async () => {
    const { h, a } = await threeStores({ connection: { concurrency: 1 } });
    const deletion = await meanwhile(h, { storeIds: [a] }, DETACH, () => edit(h, null));
    expect(deletion).toMatchObject({ status: 'parked', message: expect.stringMatching(/has been deleted/) });
  });
});

describe('concurrent changes in the dashboard (row 33)', () => {
  it.each([1, 4])(
    'converge with the deletion, and the audit tells them apart (concurrency %i)',
    async (concurrency) => {
      const { h, state, a, b, c, one, three, four } = await threeStores({ connection: { concurrency } });
      const deletion = await meanwhile(h, { storeIds: [a, b] }, DETACH, () => {
        state.deleteFile(three);
        state.deleteStore(b);
        state.deleteFile(four);
        state.detach(a, one);
      });
      expect(deletion.status).toBe('succeeded');
      expect(Object.keys(h.upstream().stores)).toEqual([c]);
      expect(h.upstream().files).toEqual({});
      expect(h.audit(deletion.id)).toHaveLength(2);
      h.clock.advance(MINUTE_MS);
      expect((await h.sync()).status).toBe('succeeded');
      expect(h.missing()).toMatchObject({ stores: [], files: [four] });
      h.clock.advance(90 * MINUTE_MS);
      await h.sync();
      expect(h.mirror()).toEqual(h.upstream());
    },
  );
});
