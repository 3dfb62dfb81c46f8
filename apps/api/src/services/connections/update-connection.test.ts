import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { addConnection, connectionRow } from '../../testing/add-connection.ts';
import { createApiHarness, TENANT } from '../../testing/api-harness.ts';
import { RunStopped } from '../sync/sync-deps.ts';
import { keyContext } from './connection-deps.ts';
import { updateConnection } from './update-connection.ts';

describe('editing a connection', () => {
  it('changes what is given and keeps the rest, the key too', async () => {
    const harness = await createApiHarness();
    const before = await addConnection(harness);
    const after = await updateConnection(harness.deps, {
      by: asSystem(TENANT, 'tester'),
      id: before.id,
      name: 'Renamed',
      syncCron: '0 * * * *',
      removalGraceSeconds: 0,
      concurrency: 2,
    });
    expect(after).toEqual({
      ...before,
      name: 'Renamed',
      syncCron: '0 * * * *',
      nextTicks: expect.any(Array),
      removalGraceSeconds: 0,
      concurrency: 2,
    });
    expect(after.nextTicks[0]).toBeDefined();
    expect(harness.schedule.get(before.id)?.syncCron).toBe('0 * * * *');
    expect(
      harness.deps.secrets.open(
        (await connectionRow(harness, before.id)).apiKeyCipher ?? '',
        keyContext(TENANT, before.id),
      ),
    ).toBe('sk-first');
  });

  it('null and the empty text clear; what is left out stays', async () => {
    const harness = await createApiHarness();
    const { id } = await addConnection(harness, { organization: 'org-1' });
    expect(await updateConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id, project: null })).toMatchObject({
      organization: 'org-1',
      project: null,
    });
    expect(
      await updateConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id, organization: '' }),
    ).toMatchObject({
      organization: null,
    });
  });

  it.each([
    ['a key', { apiKey: 'sk-new' }],
    ['a place', { baseUrl: 'http://elsewhere/v1' }],
    ['a project', { project: 'proj_9' }],
    ['an organization', { organization: 'org-9' }],
  ])(
    '%s of another kind: health and approval of the old one say nothing of the new, and its run is stopped',
    async (_, edit) => {
      const harness = await createApiHarness();
      const { id } = await addConnection(harness);
      await harness.db.transaction((tx) =>
        tx.connections.update(TENANT, id, {
          approvedRunId: 'run_1',
          healthStatus: 'ok',
          healthMessage: 'm',
          seenProject: 'proj_1',
        }),
      );
      const run = harness.pretendRun(id);
      const others = harness.pretendRun('conn_other');
      const after = await updateConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id, ...edit });
      expect(after).toMatchObject({ health: { status: 'unknown', message: null }, activeRunId: null });
      expect(run.controller.signal.reason).toBeInstanceOf(RunStopped);
      expect(others.controller.signal.aborted).toBe(false);
      // Whose data the mirror was made from is not forgotten: the next sync compares it.
      expect(await connectionRow(harness, id)).toMatchObject({ approvedRunId: null, seenProject: 'proj_1' });
    },
  );

  it('a name or a schedule disturbs no run', async () => {
    const harness = await createApiHarness();
    const { id } = await addConnection(harness);
    const run = harness.pretendRun(id);
    await updateConnection(harness.deps, {
      by: asSystem(TENANT, 'tester'),
      id,
      name: 'x',
      syncCron: '1 * * * *',
      isSyncEnabled: false,
    });
    expect(run.controller.signal.aborted).toBe(false);
    expect(harness.schedule.has(id)).toBe(false);
  });

  it('disabling takes it off the schedule and stops its run', async () => {
    const harness = await createApiHarness();
    const { id } = await addConnection(harness);
    const run = harness.pretendRun(id);
    expect(
      await updateConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id, isEnabled: false }),
    ).toMatchObject({
      isEnabled: false,
      nextTicks: [],
    });
    expect(run.controller.signal.aborted).toBe(true);
    expect(harness.schedule.has(id)).toBe(false);
  });

  it('cannot make a twin', async () => {
    const harness = await createApiHarness();
    await addConnection(harness);
    const { id } = await addConnection(harness, { apiKey: 'sk-2' });
    await expect(
      updateConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id, apiKey: 'sk-first' }),
    ).rejects.toMatchObject({
      code: 'connection_duplicate',
    });
    expect(
      harness.deps.secrets.open((await connectionRow(harness, id)).apiKeyCipher ?? '', keyContext(TENANT, id)),
    ).toBe('sk-2');
  });
});
