import { expect, type Page } from '@playwright/test';
import { journey } from '../support/journey.ts';
import type { SandboxControl } from '../support/sandbox-control.ts';

const test = journey({
  sandboxFlags: ['--stores', '30', '--attachments', '600'],
  env: { ESPEJO_SYNC_ENABLED: 'false', ESPEJO_REMOVAL_GRACE_S: '0' },
});

/** Syncs the mirror, regardless of what earlier journeys did. */
async function syncNow(page: Page, sandbox: SandboxControl | null): Promise<void> {
  await sandbox?.clearFaults();
  await page.goto('/sync');
  const newest = page.getByRole('region', { name: 'Sync runs' }).getByRole('row').nth(1);
  const link = newest.getByRole('link');
  await expect(link).toBeVisible();
  const before = (await link.getAttribute('href')) ?? '';
  await page.getByRole('button', { name: 'Sync now' }).click();
  // The previous run may have succeeded too.
  await expect(link).not.toHaveAttribute('href', before);
  await expect(newest.getByText('Manual')).toBeVisible();
  await expect(newest.getByText('Succeeded')).toBeVisible({ timeout: 300_000 });
}

test('a running sync is shown live, also after a reload', async ({ page, stack }) => {
  await stack.sandbox?.addFault({ kind: 'latency', latencyMs: 15_000, path: '/vector_stores/**' });
  await page.goto('/sync');
  await page.getByRole('button', { name: 'Sync now' }).click();
  const live = page.getByRole('region', { name: 'Sync in progress' });
  await expect(live.getByRole('paragraph').filter({ hasText: 'Listing the files of stores' })).toBeVisible();
  await expect(live.getByRole('progressbar', { name: 'Sync progress' })).toHaveAttribute('aria-valuenow', /\d+/);
  await page.reload();
  await expect(live).toBeVisible();
  await stack.sandbox?.clearFaults();
  await expect(live).toBeHidden({ timeout: 300_000 });
  await expect(page.getByRole('region', { name: 'Sync runs' }).getByText('Succeeded')).toBeVisible();
  await page.goto('/stores');
  await expect(page.getByRole('status').filter({ hasText: '30 stores' })).toBeVisible();
});

test('a running sync can be cancelled', async ({ page, stack }) => {
  await stack.sandbox?.addFault({ kind: 'latency', latencyMs: 15_000, path: '/vector_stores/**' });
  await page.goto('/sync');
  await page.getByRole('button', { name: 'Full sync' }).click();
  await page.getByRole('region', { name: 'Full sync in progress' }).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('region', { name: 'Sync runs' }).getByText('Cancelled')).toBeVisible();
  await stack.sandbox?.clearFaults();
});

test('a dry run shows the differences and changes nothing', async ({ page, stack }) => {
  await syncNow(page, stack.sandbox);
  await stack.sandbox?.createStore({ name: 'Fresh from upstream' });
  await page.getByRole('button', { name: 'Dry run' }).click();
  const row = page.getByRole('region', { name: 'Sync runs' }).getByRole('row').filter({ hasText: 'Dry run' });
  await expect(row.getByText('Succeeded')).toBeVisible();
  await row.getByRole('link').click();
  await expect(page.getByText('No changes applied')).toBeVisible();
  await expect(page.getByText('Fresh from upstream')).toBeVisible();
  await page.goto('/stores?q=Fresh');
  await expect(page.getByText('Fresh from upstream')).toBeHidden();
});

test('a sync with too many removals waits until a user approves its plan', async ({ page, stack }) => {
  await syncNow(page, stack.sandbox);
  const stores = (await stack.sandbox?.listStores()) ?? [];
  for (const store of stores.slice(0, 12)) {
    await stack.sandbox?.deleteStore(store.id);
  }
  await page.getByRole('button', { name: 'Sync now' }).click();
  const row = page.getByRole('region', { name: 'Sync runs' }).getByRole('row').filter({ hasText: 'Needs review' });
  await expect(row).toBeVisible();
  await row.getByRole('link').click();
  // The banner of the list has the same text.
  await expect(page).toHaveURL(/\/sync\/run_/);
  await expect(page.getByText(`12 of ${stores.length}`).first()).toBeVisible();
  await page.goto('/stores');
  await expect(page.getByRole('status').filter({ hasText: `${stores.length} stores` })).toBeVisible();

  await page.goBack();
  await page.getByRole('button', { name: /Approve/ }).click();
  const dialog = page.getByRole('dialog');
  const typed = dialog.getByRole('textbox');
  if (await typed.isVisible()) await typed.fill('OpenAI');
  await dialog.getByRole('button', { name: 'Approve removals' }).click();
  await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 300_000 });
  await page.goto('/stores');
  await expect(page.getByRole('status').filter({ hasText: `${stores.length - 12} stores` })).toBeVisible();
});

test('a stopped run shows what would go, and afterwards what became of its review', async ({ page, stack }) => {
  await syncNow(page, stack.sandbox);
  const stores = (await stack.sandbox?.listStores()) ?? [];
  for (const store of stores.slice(0, 8)) await stack.sandbox?.deleteStore(store.id);
  const runs = page.getByRole('region', { name: 'Sync runs' });
  await page.getByRole('button', { name: 'Sync now' }).click();
  const stopped = runs.getByRole('row').filter({ hasText: 'Needs review' });
  await expect(stopped).toContainText('Stopped: 8 vector stores would go');
  const href = (await stopped.getByRole('link').getAttribute('href')) ?? '';

  await page.goto(href);
  const vectorStores = page
    .getByRole('region', { name: 'Counters' })
    .getByRole('row')
    .filter({ hasText: 'Vector stores' });
  await expect(page.getByRole('columnheader', { name: '− Would go' })).toBeVisible();
  await expect(vectorStores.getByRole('cell').last()).toHaveText('8');
  await expect(page.getByText('No differences')).toBeHidden();
  await expect(page.getByText('Nothing was changed')).toBeHidden();

  await page.goto('/sync');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(runs.getByRole('row').filter({ hasText: 'Superseded' })).toBeVisible();
  await page.goto(href);
  await expect(page.getByRole('status').filter({ hasText: /^Superseded$/ })).toBeVisible();
  await expect(page.getByText(/a newer run has looked again/)).toBeVisible();

  await page.goto('/sync');
  await runs.getByRole('row').filter({ hasText: 'Needs review' }).getByRole('link').click();
  await expect(page).toHaveURL(/\/sync\/run_/);
  const reviewed = page.url();
  await page.getByRole('button', { name: /Approve/ }).click();
  const dialog = page.getByRole('dialog');
  const typed = dialog.getByRole('textbox');
  if (await typed.isVisible()) await typed.fill('OpenAI');
  await dialog.getByRole('button', { name: 'Approve removals' }).click();
  await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 300_000 });
  await page.goto(reviewed);
  await expect(page.getByRole('status').filter({ hasText: /^Approved$/ })).toBeVisible();
  await expect(page.getByText(/Approved by .+ just now\./)).toBeVisible();
});

test('what returned is told from what was added', async ({ page, stack }) => {
  await syncNow(page, stack.sandbox);
  const newest = page.getByRole('region', { name: 'Sync runs' }).getByRole('row').nth(1);
  const fullSync = async () => {
    const before = (await newest.getByRole('link').getAttribute('href')) ?? '';
    await page.getByRole('button', { name: 'Full sync' }).click();
    await expect(newest.getByRole('link')).not.toHaveAttribute('href', before);
    await expect(newest.getByText('Succeeded')).toBeVisible({ timeout: 300_000 });
  };
  await stack.sandbox?.createFile('back-again.txt', 'listed, hidden, listed');
  await fullSync();
  await expect(newest).toContainText('1 added');
  await stack.sandbox?.addFault({ kind: 'list_lag', lagMs: 600_000, method: 'GET', path: '/files' });
  await fullSync();
  // Hidden are all young files, and the sandbox's own may be among them.
  await expect(newest).toContainText(/\d+ missing/);
  await stack.sandbox?.clearFaults();
  await fullSync();
  await expect(newest).toContainText(/\d+ returned/);
  await expect(newest).not.toContainText('added');
});
