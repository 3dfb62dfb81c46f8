import { describe, expect, it } from 'vitest';
import { createDeletionHarness } from '../../../testing/deletion-harness.ts';
import { CONNECTION_ID, HOUR_MS, TENANT_ID } from '../../../testing/sync-harness.ts';
import { getStorageDebt } from '../../storage-debt/get-storage-debt.ts';

const OTHER_ID = 'conn-b';

/** Two projects with an empty store named Twin each; the first has two orphans, the second one. */
async function twoProjects() {
  const h = await createDeletionHarness({
    sandbox: { keys: { 'sk-a': 'proj_a', 'sk-b': 'proj_b' } },
    connection: { name: 'Acme EU', apiKeyCipher: 'sk-a' },
  });
  await h.addConnection({ id: OTHER_ID, name: 'Acme US', apiKeyCipher: 'sk-b' });
  const [first, second] = [h.sandbox.stateOf('proj_a'), h.sandbox.stateOf('proj_b')];
  const small = first.createFile({ filename: 'small.txt', bytes: 10 }).id;
  const large = first.createFile({ filename: 'large.txt', bytes: 900 }).id;
  const foreign = second.createFile({ filename: 'foreign.txt', bytes: 50 }).id;
  const a = first.createStore({ name: 'Twin' }).id;
  const b = second.createStore({ name: 'Twin' }).id;
  h.clock.advance(2 * HOUR_MS);
  await h.sync();
  await h.sync({ connectionId: OTHER_ID });
  h.clock.advance(2 * HOUR_MS);
  return { h, a, b, small, large, foreign };
}

describe('a plan over two projects', () => {
  it('lists its effects by connection and has the severity high', async () => {
    const { h, a, b } = await twoProjects();
    const plan = await h.plan({ storeIds: [a, b] });
    const counts = { stores: 1, filesToDelete: 0, filesKept: 0, attachmentsToDetach: 0 };
    expect(plan.connections).toEqual([
      { connectionId: CONNECTION_ID, name: 'Acme EU', counts, usageBytes: 0, fileBytes: 0 },
      { connectionId: OTHER_ID, name: 'Acme US', counts, usageBytes: 0, fileBytes: 0 },
    ]);
    expect(plan.severity).toBe('high');
    const ofOne = await h.plan({ storeIds: [b] });
    expect(ofOne.connections).toMatchObject([{ connectionId: OTHER_ID, name: 'Acme US' }]);
  });

  it('lists the largest files first, each with its connection', async () => {
    const { h, small, large, foreign } = await twoProjects();
    const plan = await h.plan({ orphans: true });
    expect(plan.filesToDelete.map(({ id, connectionId }) => [id, connectionId])).toEqual([
      [large, CONNECTION_ID],
      [foreign, OTHER_ID],
      [small, CONNECTION_ID],
    ]);
    expect(plan.connections).toMatchObject([{ fileBytes: 910 }, { fileBytes: 50 }]);
  });

  it('includes only the orphans of the named connection, and rejects an unknown connection', async () => {
    const { h, foreign } = await twoProjects();
    const plan = await h.plan({ orphans: true, orphansOf: OTHER_ID });
    expect(plan.filesToDelete.map(({ id }) => id)).toEqual([foreign]);
    await expect(h.plan({ orphans: true, orphansOf: 'conn-none' })).rejects.toMatchObject({
      code: 'connection_not_found',
    });
  });
});

describe('the storage debt of one connection', () => {
  it('counts only that connection, and its clean-ups are limited to it', async () => {
    const { h, b, foreign } = await twoProjects();
    const debt = await getStorageDebt(h.deps, { tenantId: TENANT_ID, connectionId: OTHER_ID });
    const of = (kind: string) => debt.categories.find((category) => category.kind === kind);
    expect(of('orphan_files')).toMatchObject({
      count: 1,
      items: [{ id: foreign, connectionId: OTHER_ID }],
      cleanup: { orphans: true, connectionId: OTHER_ID },
    });
    expect(of('empty_stores')).toMatchObject({ count: 1, cleanup: { storeIds: [b] } });
    expect(debt.connections.map((row) => row.connectionId)).toEqual([OTHER_ID]);
    expect(debt.topStores).toMatchObject([{ id: b, connectionId: OTHER_ID }]);
    await expect(getStorageDebt(h.deps, { tenantId: TENANT_ID, connectionId: 'conn-none' })).rejects.toMatchObject({
      code: 'connection_not_found',
    });
  });
});
