import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { addConnection } from '../../testing/add-connection.ts';
import { createApiHarness, NOW_MS, TENANT } from '../../testing/api-harness.ts';
import { deleteConnection } from './delete-connection.ts';
import { getConnection } from './get-connection.ts';

describe('deleting a connection', () => {
  it('stops its run first, then deletes the connection and takes its lease', async () => {
    const harness = await createApiHarness();
    const { id } = await addConnection(harness);
    const lease = await harness.db.transaction((tx) =>
      tx.leases.take({ tenantId: TENANT, name: `sync:${id}`, owner: 'elsewhere', expiresAtMs: NOW_MS + 9e9 }),
    );
    const run = harness.pretendRun(id);
    await deleteConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id });
    expect(run.controller.signal.aborted).toBe(true);
    expect(harness.schedule.has(id)).toBe(false);
    await expect(getConnection(harness.deps, { tenantId: TENANT, id })).rejects.toMatchObject({
      code: 'connection_not_found',
    });
    // A run of another process has lost its lease: its writes fail.
    await expect(harness.db.transaction((tx) => tx.leases.assertHeld(lease))).rejects.toMatchObject({
      code: 'lease_lost',
    });
  });
});
