import { expect, it } from 'vitest';
import { CONNECTION_ID, createSyncHarness, TENANT_ID } from '../testing/sync-harness.ts';
import { runScheduledSync } from './sync.ts';

const TICK = { tenantId: TENANT_ID, connectionId: CONNECTION_ID };

it.each([undefined, 'startup', 'recovery'] as const)('a tick starts a run with its trigger (%s)', async (trigger) => {
  const h = await createSyncHarness();
  await runScheduledSync(h.deps, { ...TICK, ...(trigger === undefined ? {} : { trigger }) });
  const [active] = h.deps.active.values();
  expect(await h.finish(active?.runId ?? '')).toMatchObject({ trigger: trigger ?? 'schedule', status: 'succeeded' });
});

it('a tick that cannot start is logged, never thrown: the schedule goes on', async () => {
  const h = await createSyncHarness();
  await runScheduledSync(h.deps, { ...TICK, connectionId: 'conn-x' });
  expect(h.logged.filter((entry) => entry.level === 'error')).toMatchObject([
    { fields: { err: { code: 'connection_not_found' }, connectionId: 'conn-x' } },
  ]);
});

it('a tick during a run logs no alarm', async () => {
  const h = await createSyncHarness();
  const pause = h.pauseAt(({ path }) => path === '/vector_stores');
  await h.start();
  await pause.reached;
  await runScheduledSync(h.deps, TICK);
  const skipped = h.logged.filter((entry) => entry.message === 'a scheduled sync did not start');
  expect(skipped).toMatchObject([{ level: 'info', fields: { err: { code: 'sync_already_running' } } }]);
});
