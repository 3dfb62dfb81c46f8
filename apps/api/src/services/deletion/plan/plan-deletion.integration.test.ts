import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { type DeletionHarness, ORPHAN_GRACE_S } from '../../../testing/deletion-harness.ts';
import { CONNECTION_ID, HOUR_MS, MINUTE_MS, TENANT_ID } from '../../../testing/sync-harness.ts';
import { threeStores } from '../../../testing/three-stores.ts';
import { updateGuardrails } from '../../limits/guardrail-settings.ts';

const deleted = (plan: Awaited<ReturnType<DeletionHarness['plan']>>) =>
  plan.filesToDelete.map((file) => file.id).sort();
const kept = (plan: Awaited<ReturnType<DeletionHarness['plan']>>) =>
  Object.fromEntries(plan.filesKept.map((file) => [file.id, [file.reason, ...file.sharedWith.map(({ id }) => id)]]));

describe('a deletion plan', () => {
  it('names what is deleted, what is kept and why, and changes nothing', async () => {
    const { h, a, b, one, two } = await threeStores();
    const before = { upstream: h.upstream(), mirror: h.dump() };
    const plan = await h.plan({ storeIds: [a] });
    expect(plan).toMatchObject({
      files: 'delete',
      severity: 'high',
      isUndoable: false,
      counts: { stores: 1, filesToDelete: 1, filesKept: 1, attachmentsToDetach: 2, notFound: 0 },
      stores: [{ id: a, name: 'A', source: 'cache', connectionId: CONNECTION_ID, fileCount: 2 }],
      filesToDelete: [{ id: one, filename: 'one.txt', bytes: 11 }],
      filesKept: [{ id: two, filename: 'two.txt', reason: 'shared', sharedWith: [{ id: b, name: 'B' }] }],
      fileBytes: 11,
      requestsNeeded: 2 + 2 + 3,
      warnings: [{ code: 'recently_used' }],
    });
    expect(plan.filesKept[0]?.message).toBe('Another store uses it: it is detached, not deleted.');
    expect(plan.consequences.join(' ')).toMatch(/for good.*1 file is kept because other stores use it/);
    expect({ upstream: h.upstream(), mirror: h.dump() }).toEqual(before);
    expect(h.sandbox.requests.writes).toBe(0);
  });

  it('needs the lists of stores and files, one list per store in it, and those of the other tools', async () => {
    const { h, a, b } = await threeStores();
    await h.plan({ storeIds: [a, b] });
    expect(h.takeRequests()).toEqual({
      'GET /vector_stores': 1,
      'GET /vector_stores/*/files': 2,
      'GET /files': 1,
      'GET /containers': 1,
      'GET /assistants': 1,
    });
  });

  it('lists outside stores again only when they have changed', async () => {
    const { h, state, a, b } = await threeStores();
    state.updateStore(b, { name: 'B, renamed' });
    await h.plan({ storeIds: [a] });
    expect(h.takeRequests()).toEqual({
      'GET /vector_stores': 1,
      'GET /vector_stores/*/files': 2,
      'GET /files': 1,
      'GET /containers': 1,
      'GET /assistants': 1,
    });
  });

  it('detaches a file that another tool uses, names the tool, and does not delete the file', async () => {
    const { h, state, a, b, one, two, three } = await threeStores();
    const container = state.addTool({ kind: 'container', name: 'Reports', fileIds: [one] });
    const plan = await h.plan({ storeIds: [a, b] });
    expect(deleted(plan)).toEqual([two, three].sort());
    expect(plan.filesKept).toMatchObject([
      { id: one, reason: 'used_by_tool', message: expect.stringContaining(`'${container.id}' (Reports), last used`) },
    ]);
    expect(plan.filesKept[0]?.message).toMatch(/uses it: it is detached, not deleted\.$/);
    expect(plan.warnings.map(({ code }) => code)).not.toContain('tool_use_unknown');
    const deletion = await h.carryOut({ storeIds: [a, b] });
    expect(deletion.status).toBe('succeeded');
    expect(Object.keys(h.upstream().files)).toContain(one);
  });

  it('has another hash once a tool has started to use a file, or can no longer be checked', async () => {
    const { h, state, a, b, one } = await threeStores();
    const plan = await h.plan({ storeIds: [a, b] });
    h.sandbox.faults.add({ kind: 'status', status: 403, path: '/containers' });
    const unsure = await h.plan({ storeIds: [a, b] });
    expect(unsure.warnings).toContainEqual({
      code: 'tool_use_unknown',
      message: expect.stringMatching(/could not be asked whether code interpreter containers use these files/),
    });
    expect(unsure.planHash).not.toBe(plan.planHash);
    h.sandbox.faults.clear();
    state.addTool({ kind: 'assistant', name: 'Analyst', fileIds: [one] });
    await expect(h.start(plan.planHash)).rejects.toMatchObject({
      code: 'stale_plan',
      details: { difference: { noLongerDeleted: [one], nowKept: [one] } },
    });
    // Where there are assistants there are threads, and no endpoint lists those.
    const withThreads = await h.plan({ storeIds: [a, b] });
    expect(withThreads.warnings.map(({ message }) => message).join()).toMatch(/whether the messages of threads use/);
  });

  it('includes only orphans that no tool can use, unless a setting says otherwise', async () => {
    const { h, state } = await threeStores();
    const [used, free] = ['used.csv', 'free.csv'].map((filename) => state.createFile({ filename, content: 'x' }).id);
    h.clock.advance(2 * HOUR_MS);
    await h.sync({ isFull: true });
    state.addTool({ kind: 'container', name: 'Reports', fileIds: [used ?? ''] });
    expect(deleted(await h.plan({ orphans: true }))).toEqual([free]);
    h.sandbox.faults.add({ kind: 'status', status: 500, path: '/containers' });
    expect(deleted(await h.plan({ orphans: true }))).toEqual([]);
    const by = asSystem(TENANT_ID, 'tester');
    await updateGuardrails(h.deps, { by, change: { unattachedFiles: 'always' } });
    const all = await h.plan({ orphans: true });
    expect(deleted(all)).toEqual([used, free].sort());
    expect(all.warnings.map(({ code }) => code)).toContain('tool_use_unknown');
    h.sandbox.faults.clear();
    expect(deleted(await h.plan({ orphans: true }))).toEqual([free]);
    await updateGuardrails(h.deps, { by, change: { unattachedFiles: 'never' } });
    expect(deleted(await h.plan({ orphans: true }))).toEqual([]);
    // A file that the user names is deleted all the same.
    expect(deleted(await h.plan({ fileIds: [free ?? ''] }))).toEqual([free]);
  });

  it('deletes files that its two stores share; keeps them when a third store uses them', async () => {
    const { h, state, a, b, c, one, two, three } = await threeStores();
    expect(deleted(await h.plan({ storeIds: [a, b] }))).toEqual([one, two, three].sort());
    state.attach({ storeId: c, fileId: two });
    const plan = await h.plan({ storeIds: [a, b] });
    expect(deleted(plan)).toEqual([one, three].sort());
    expect(kept(plan)).toEqual({ [two]: ['shared', c] });
    expect(plan.counts.attachmentsToDetach).toBe(4);
  });

  it('finds a file shared that was attached to an outside store after the last sync', async () => {
    const { h, state, a, c, one } = await threeStores();
    state.attach({ storeId: c, fileId: one });
    expect(kept(await h.plan({ storeIds: [a] }))).toMatchObject({ [one]: ['shared', c] });
  });

  it('finds a file shared with a store that was created after the last sync', async () => {
    const { h, state, a, one } = await threeStores();
    const young = state.createStore({ name: 'Young', fileIds: [one] }).id;
    expect(kept(await h.plan({ storeIds: [a] }))).toMatchObject({ [one]: ['shared', young] });
  });

  it('deletes a file that another store detached after the last sync', async () => {
    const { h, state, a, b, two } = await threeStores();
    state.detach(b, two);
    expect(deleted(await h.plan({ storeIds: [a] }))).toContain(two);
    // The mirror still has the attachment in b, and b's list did not show it: the attachment itself was requested.
    expect(h.takeRequests()['GET /vector_stores/*/files/*']).toBe(1);
  });

  it.each([
    ['delete', 'GET /vector_stores/*/files'],
    ['keep', undefined],
  ] as const)('checks references only when they matter (files: %s)', async (files, route) => {
    const { h, state, a, b } = await threeStores();
    state.updateStore(b, { name: 'moved' });
    const plan = await h.plan({ storeIds: [a], files });
    expect(h.takeRequests()['GET /vector_stores/*/files']).toBe(route === undefined ? 1 : 2);
    if (files === 'keep') {
      expect(plan.counts).toMatchObject({ stores: 1, filesToDelete: 0, filesKept: 2, attachmentsToDetach: 0 });
      expect(plan.filesKept.map((file) => file.reason)).toEqual(['keep_requested', 'keep_requested']);
      expect(plan.requestsNeeded).toBe(2);
    }
  });

  it('keeps files that can be used without a store, and young files in no store', async () => {
    const { h, state, a } = await threeStores();
    const data = state.createFile({ filename: 'data.txt', content: 'x', purpose: 'user_data' }).id;
    state.attach({ storeId: a, fileId: data });
    const fresh = state.createFile({ filename: 'fresh.txt', content: 'x' }).id;
    h.clock.advance(MINUTE_MS);
    await h.sync({ isFull: true });
    expect(kept(await h.plan({ storeIds: [a], fileIds: [fresh] }))).toMatchObject({
      [data]: ['user_data'],
      [fresh]: ['too_fresh'],
    });
    h.clock.advance(ORPHAN_GRACE_S * 1000);
    expect(deleted(await h.plan({ fileIds: [fresh] }))).toEqual([fresh]);
  });

  it("keeps a file that another tenant's mirror has in a store outside, without naming the store", async () => {
    const { h, a, one } = await threeStores();
    const other = { tenantId: 'tenant-b', id: 'conn-b' };
    await h.addConnection(other);
    const runId = await h.syncs.start({ by: asSystem(other.tenantId, 'tester'), connectionId: other.id });
    await h.syncs.deps.active.get(runId)?.finished;
    expect(deleted(await h.plan({ storeIds: [a] })), 'they mirror the same project: that is no reference').toEqual([
      one,
    ]);
    // Their mirror has a store that this project does not list.
    await h.db.transaction(async (tx) => {
      await tx.mirrorPermits.grant(other.tenantId, other.id);
      const snapshot = { fileId: one, status: 'completed', usageBytes: 1, createdAt: 1, extra: null } as const;
      const row = { ...snapshot, lastError: null, chunkingStrategy: null, attributes: null };
      await tx.attachments.upsert(other.tenantId, other.id, 'vs_theirs', [{ snapshot: row, hash: 'x' }]);
    });
    const plan = await h.plan({ storeIds: [a] });
    expect(kept(plan)).toMatchObject({ [one]: ['other_tenant'] });
    expect(JSON.stringify(plan)).not.toContain('vs_theirs');
    // A mirror of another server lists whatever ids its owner likes: it cannot block the deletion of a file.
    await h.db.transaction((tx) =>
      tx.connections.update(other.tenantId, other.id, { baseUrl: 'http://imitation.test/v1' }),
    );
    expect(deleted(await h.plan({ storeIds: [a] }))).toEqual([one]);
  });

  it('says which items of the request do not exist any more', async () => {
    const { h, state, a, b, four } = await threeStores();
    state.deleteStore(b);
    state.deleteFile(four);
    const attachments = [
      { storeId: a, fileId: 'file-none' },
      { storeId: 'vs_none', fileId: 'file-none' },
    ];
    const plan = await h.plan({ storeIds: [b, 'vs_none'], fileIds: [four, 'file-none'], attachments });
    expect(plan.counts).toMatchObject({ stores: 0, filesToDelete: 0, notFound: 6 });
    await expect(h.start(plan.planHash)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('includes every store that a filter matches now', async () => {
    const { h, a, b, c } = await threeStores();
    const plan = await h.plan({ filter: { source: 'cache', connectionId: CONNECTION_ID } });
    expect(plan.stores.map((store) => store.id).sort()).toEqual([a, b, c].sort());
    expect(plan.counts).toMatchObject({ stores: 3, filesToDelete: 4, filesKept: 0 });
  });

  it('leaves out the stores that are excepted from a filter', async () => {
    const { h, a, b, c } = await threeStores();
    const plan = await h.plan({ filter: { source: 'cache' }, exceptStoreIds: [b, 'vs_unknown'] });
    expect(plan.stores.map((store) => store.id).sort()).toEqual([a, c].sort());
    expect(plan.counts).toMatchObject({ stores: 2, notFound: 0 });
  });

  it('includes single attachments: a file without another reference is deleted too, unless files are kept', async () => {
    const { h, a, one, two } = await threeStores();
    const attachments = [one, two].map((fileId) => ({ storeId: a, fileId }));
    const plan = await h.plan({ attachments });
    expect(plan.counts).toMatchObject({ stores: 0, filesToDelete: 1, filesKept: 1, attachmentsToDetach: 2 });
    expect(deleted(plan)).toEqual([one]);
    const keeping = await h.plan({ attachments, files: 'keep' });
    expect(keeping.counts).toMatchObject({ stores: 0, filesToDelete: 0, filesKept: 2, attachmentsToDetach: 2 });
    expect(keeping.filesKept[0]?.message).toBe('You asked to keep the files: it is detached, not deleted.');
  });
});

describe('the upstream reads of a deletion plan', () => {
  it.each([
    ['the list of stores', '/vector_stores'],
    ['the list of a store of the plan', '/vector_stores/*/files'],
    ['the list of files', '/files'],
  ])('fail the plan when %s does not end', async (_, path) => {
    const { h, a } = await threeStores();
    for (const kind of ['has_more_forever', 'empty_page_with_more'] as const) {
      h.sandbox.faults.add({ kind, path });
      await expect(h.plan({ storeIds: [a] })).rejects.toMatchObject({ kind: 'malformed' });
      h.sandbox.faults.clear();
    }
    h.sandbox.faults.add({ kind: 'status', status: 500, path });
    await expect(h.plan({ storeIds: [a] })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(h.sandbox.requests.writes).toBe(0);
  });

  it('fail the plan when an outside store cannot be listed', async () => {
    const { h, state, a, b } = await threeStores();
    state.updateStore(b, { name: 'moved' });
    h.sandbox.faults.add({ kind: 'status', status: 503, path: `/vector_stores/${b}/files` });
    await expect(h.plan({ storeIds: [a] })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('request a store by its id when the list does not show it, in the plan and outside', async () => {
    const { h, a, b, one, two } = await threeStores();
    h.sandbox.faults.add({ kind: 'empty_list', path: '/vector_stores' });
    const plan = await h.plan({ storeIds: [a] });
    expect(plan.counts.stores).toBe(1);
    expect(deleted(plan)).toEqual([one]);
    expect(kept(plan)).toEqual({ [two]: ['shared', b] });
  });

  it('treat an outside store that is gone as without references', async () => {
    const { h, state, a, b, two } = await threeStores();
    state.deleteStore(b);
    expect(deleted(await h.plan({ storeIds: [a] }))).toContain(two);
  });

  it('request an attachment by its ids when a list does not show it', async () => {
    const { h, state, a, b, two } = await threeStores();
    state.updateStore(b, { name: 'moved' });
    h.sandbox.faults.add({ kind: 'empty_list', path: `/vector_stores/${b}/files` });
    expect(kept(await h.plan({ storeIds: [a] }))).toMatchObject({ [two]: ['shared', b] });
  });

  it('list a store with doubted attachments, though its row has not changed', async () => {
    const { h, a, b, two } = await threeStores();
    h.sandbox.faults.add({ kind: 'empty_list', path: `/vector_stores/${b}/files` });
    await h.sync({ isFull: true });
    h.sandbox.faults.clear();
    expect(h.missing().attachments).not.toEqual([]);
    h.takeRequests();
    expect(kept(await h.plan({ storeIds: [a] }))).toMatchObject({ [two]: ['shared', b] });
    expect(h.takeRequests()['GET /vector_stores/*/files']).toBe(2);
  });

  it('request a file by its id when the list does not show it, as tools may use it', async () => {
    const { h, state, a, one, two } = await threeStores();
    h.sandbox.faults.add({ kind: 'empty_list', path: '/files' });
    expect(kept(await h.plan({ storeIds: [a] }))).toMatchObject({
      [one]: ['too_fresh'],
      [two]: ['shared', expect.any(String)],
    });
    state.deleteFile(one, 'listed');
    expect(deleted(await h.plan({ storeIds: [a] })), 'a ghost is proven to be one').toEqual([one]);
  });

  it('treat an expired store that refuses to list its files as empty', async () => {
    const { h, state, a, b, one } = await threeStores();
    const expired = state.createStore({ name: 'Old', expiresAfterDays: 1 }).id;
    await h.sync();
    h.clock.advance(48 * HOUR_MS);
    await h.sync();
    h.sandbox.faults.add({ kind: 'status', status: 400, path: `/vector_stores/${expired}/files` });
    const plan = await h.plan({ storeIds: [a, expired] });
    expect(plan.stores.map((store) => store.id)).toEqual([a, expired].sort());
    expect(deleted(plan)).toEqual([one]);
    expect((await h.plan({ storeIds: [b] })).counts.stores, 'nor outside a plan').toBe(1);
  });

  it('fail the plan when another project answers than the mirrored one', async () => {
    const { h, a } = await threeStores({
      sandbox: { keys: { 'sk-a': 'proj_a', 'sk-b': 'proj_b' } },
      connection: { apiKeyCipher: 'sk-a', apiKeyFingerprint: 'a' },
    });
    await h.db.transaction((tx) =>
      tx.connections.update('tenant-a', CONNECTION_ID, { apiKeyCipher: 'sk-b', apiKeyFingerprint: 'b' }),
    );
    h.sandbox.seed({ stores: 1 }, 'proj_b');
    await expect(h.plan({ storeIds: [a] })).rejects.toMatchObject({
      code: 'upstream_unauthorized',
      message: expect.stringMatching(/proj_b.*proj_a.*Nothing is deleted/),
    });
  });

  it('fail the plan when the connection is disabled', async () => {
    const { h, a } = await threeStores();
    await h.db.transaction((tx) => tx.connections.update('tenant-a', CONNECTION_ID, { isEnabled: false }));
    await expect(h.plan({ storeIds: [a] })).rejects.toMatchObject({ code: 'connection_disabled' });
  });
});

describe('starting a deletion plan', () => {
  it('compares it with the live upstream: a change gives a new hash and its reasons, and deletes nothing', async () => {
    const { h, state, a, b, c, one, two } = await threeStores();
    const plan = await h.plan({ storeIds: [a, b] });
    state.attach({ storeId: c, fileId: two });
    const added = state.createFile({ filename: 'added.txt', content: 'x' }).id;
    state.attach({ storeId: a, fileId: added });
    state.detach(a, one);
    const before = h.upstream();
    const refused = await h.start(plan.planHash).catch((cause: unknown) => cause);
    expect(refused).toMatchObject({
      code: 'stale_plan',
      details: {
        difference: {
          storesAdded: [],
          storesGone: [],
          nowDeleted: [added],
          noLongerDeleted: [one, two].sort(),
          nowKept: [two],
          noLongerKept: [],
        },
      },
    });
    expect(h.upstream()).toEqual(before);
    expect(await h.deps.db.read.deletions.listOpen('tenant-a')).toEqual([]);
    const { planHash } = (refused as { details: { planHash: string } }).details;
    expect(planHash).not.toBe(plan.planHash);
    await expect(h.start(planHash)).resolves.toMatch(/^del_/);
  });

  it('says when a store of it is gone', async () => {
    const { h, state, a, b } = await threeStores();
    const plan = await h.plan({ storeIds: [a, b] });
    state.deleteStore(b);
    await expect(h.start(plan.planHash)).rejects.toMatchObject({
      code: 'stale_plan',
      details: { difference: { storesGone: [b] } },
    });
  });

  it('ignores changes that do not affect it', async () => {
    const { h, state, a, c } = await threeStores();
    const plan = await h.plan({ storeIds: [a] });
    state.updateStore(a, { name: 'A, renamed' });
    state.updateStore(c, { name: 'C, renamed' });
    await expect(h.start(plan.planHash)).resolves.toMatch(/^del_/);
  });

  it('happens once, however quickly it is sent again', async () => {
    const { h, a } = await threeStores();
    const { planHash } = await h.plan({ storeIds: [a] });
    const starts = await Promise.allSettled(Array.from({ length: 5 }, () => h.start(planHash)));
    const [done, ...others] = starts.filter((start) => start.status === 'fulfilled').map((start) => start.value);
    expect(others).toEqual([]);
    for (const start of starts) {
      if (start.status === 'rejected') expect(start.reason).toMatchObject({ code: 'stale_plan' });
    }
    await h.deps.deletionWorkers.idle();
    await expect(h.start(planHash)).rejects.toMatchObject({
      code: 'stale_plan',
      message: expect.stringMatching(/no open plan/),
    });
    expect((await h.get(done ?? '')).status).toBe('succeeded');
  });

  it('names the deletion that the plan has started while that is running', async () => {
    const { h, a } = await threeStores();
    const { planHash } = await h.plan({ storeIds: [a] });
    const pause = h.pauseRequest('DELETE', /./);
    const id = await h.start(planHash);
    await pause.reached;
    await expect(h.start(planHash)).rejects.toMatchObject({ code: 'stale_plan', details: { deletionId: id } });
    pause.release();
  });

  it('fails for an unknown hash, and after a day', async () => {
    const { h, a, b } = await threeStores();
    await expect(h.start('0'.repeat(32))).rejects.toMatchObject({ code: 'stale_plan' });
    const { planHash } = await h.plan({ storeIds: [a] });
    h.clock.advance(25 * HOUR_MS);
    await h.plan({ storeIds: [b] });
    await expect(h.start(planHash)).rejects.toMatchObject({ code: 'stale_plan' });
  });
});
