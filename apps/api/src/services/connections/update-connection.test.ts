import { asSystem } from '@espejo/core';
import type { AuditRecord } from '@espejo/db';
import { describe, expect, it } from 'vitest';
import { addConnection, connectionRow } from '../../testing/add-connection.ts';
import { type ApiHarness, createApiHarness, TENANT } from '../../testing/api-harness.ts';
import { RunStopped } from '../context/active-runs.ts';

import { keyContext } from './connection-key.ts';
import { updateConnection } from './update-connection.ts';

describe('editing a connection', () => {
  it('changes the given fields and keeps the rest, the key too', async () => {
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

  it('clears a field with null or the empty text; keeps one that is omitted', async () => {
    const harness = await createApiHarness();
    const { id } = await addConnection(harness, { organization: 'org-1' });
    const edit = { by: asSystem(TENANT, 'tester'), id, apiKey: 'sk-again' };
    expect(await updateConnection(harness.deps, { ...edit, project: null })).toMatchObject({
      organization: 'org-1',
      project: null,
    });
    expect(await updateConnection(harness.deps, { ...edit, organization: '' })).toMatchObject({
      organization: null,
    });
  });

  it.each([
    ['a key', { apiKey: 'sk-new' }],
    ['a base URL', { baseUrl: 'http://elsewhere/v1', apiKey: 'sk-new' }],
    ['a project', { project: 'proj_9', apiKey: 'sk-new' }],
    ['an organization', { organization: 'org-9', apiKey: 'sk-new' }],
  ])('resets health and approval, and stops the run, when %s changes', async (_, edit) => {
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
    // The identity of the mirrored project is kept: the next sync compares it.
    expect(await connectionRow(harness, id)).toMatchObject({ approvedRunId: null, seenProject: 'proj_1' });
  });

  it('does not stop a run for a new name or schedule', async () => {
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

  it('removes a disabled connection from the schedule and stops its run', async () => {
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

  it('rejects a duplicate', async () => {
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

  describe('the address of a connection', () => {
    const elsewhere = [
      ['another host', { baseUrl: 'http://127.0.0.1:4999/v1' }],
      ['another port', { baseUrl: 'https://api.openai.com:8443/v1' }],
      ['another scheme', { baseUrl: 'http://api.openai.com/v1' }],
      ['another path on the same host', { baseUrl: 'https://api.openai.com/v1/other' }],
      ['another organization', { organization: 'org-9' }],
      ['another project', { project: 'proj_9' }],
      ['no project', { project: null }],
    ] as const;

    it.each(elsewhere)('requires the key again for %s, and changes nothing without it', async (_, edit) => {
      const harness = await createApiHarness();
      const { id } = await addConnection(harness);
      const before = await connectionRow(harness, id);
      const run = harness.pretendRun(id);
      await expect(
        updateConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id, name: 'Renamed', ...edit }),
      ).rejects.toMatchObject({ code: 'api_key_required', status: 400 });
      expect(await connectionRow(harness, id)).toEqual(before);
      expect(run.controller.signal.aborted).toBe(false);
      expect((await auditOf(harness, id)).map(({ action }) => action)).toEqual(['connection.created']);
    });

    it.each(elsewhere)('audits %s with the old address, and never a key', async (_, edit) => {
      const harness = await createApiHarness();
      const { id } = await addConnection(harness);
      await updateConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id, apiKey: 'sk-second', ...edit });
      const [entry] = await auditOf(harness, id);
      const before = { baseUrl: 'https://api.openai.com/v1', organization: null, project: 'proj_1' };
      expect(entry?.detail).toMatchObject({ before, after: { ...before, ...edit } });
      expect(JSON.stringify(entry)).not.toContain('sk-');
    });

    it('requires no key when the address is the same in another spelling', async () => {
      const harness = await createApiHarness();
      const { id } = await addConnection(harness);
      const edit = { baseUrl: 'HTTPS://API.openai.com:443/v1//', organization: null, project: 'proj_1' };
      const after = await updateConnection(harness.deps, { by: asSystem(TENANT, 'tester'), id, ...edit });
      expect(after.baseUrl).toBe('https://api.openai.com/v1');
      const [entry] = await auditOf(harness, id);
      expect(entry?.detail).toEqual({ fields: ['baseUrl', 'organization', 'project'] });
    });

    it('requires no key when none is stored', async () => {
      const harness = await createApiHarness();
      const { id } = await addConnection(harness);
      await harness.db.transaction((tx) =>
        tx.connections.update(TENANT, id, { apiKeyCipher: null, apiKeyFingerprint: null }),
      );
      const edit = { by: asSystem(TENANT, 'tester'), id, baseUrl: 'http://elsewhere/v1' };
      expect(await updateConnection(harness.deps, edit)).toMatchObject({ baseUrl: 'http://elsewhere/v1' });
    });

    it('compares with the address at the time of the write, not of the request', async () => {
      const harness = await createApiHarness();
      const { id } = await addConnection(harness, { baseUrl: 'http://other/v1', apiKey: 'sk-of-the-other' });
      const by = asSystem(TENANT, 'tester');
      // Both are requested while the address is still the other one.
      const [restored, kept] = await Promise.allSettled([
        updateConnection(harness.deps, { by, id, baseUrl: 'https://api.openai.com/v1', apiKey: 'sk-real' }),
        updateConnection(harness.deps, { by, id, baseUrl: 'http://other/v1' }),
      ]);
      expect(restored.status).toBe('fulfilled');
      expect(kept).toMatchObject({ status: 'rejected', reason: { code: 'api_key_required' } });
      expect(await connectionRow(harness, id)).toMatchObject({ baseUrl: 'https://api.openai.com/v1' });
    });
  });
});

/** The audit entries of a connection, newest first. */
async function auditOf({ db }: ApiHarness, id: string): Promise<AuditRecord[]> {
  const filter = { tenantId: TENANT, text: id, actor: undefined, kind: undefined };
  return db.read.audit.list(filter, null, 10);
}
