import { expect, type Page } from '@playwright/test';
import { journey } from '../support/journey.ts';
import type { SandboxControl } from '../support/sandbox-control.ts';

const test = journey({
  sandboxFlags: ['--stores', '0'],
  env: { ESPEJO_SYNC_ENABLED: 'false', ESPEJO_REMOVAL_GRACE_S: '0' },
});

/** Brings the mirror into step with what the journey has made upstream. */
async function sync(page: Page): Promise<void> {
  await page.goto('/sync');
  await page.getByRole('button', { name: 'Full sync' }).click();
  const newest = page.getByRole('region', { name: 'Sync runs' }).getByRole('row').nth(1);
  await expect(newest.getByText('just now')).toBeVisible();
  await expect(newest.getByText('Succeeded')).toBeVisible({ timeout: 300_000 });
}

function projectOf(sandbox: SandboxControl | null): SandboxControl {
  if (sandbox === null) throw new Error('This journey needs a project of its own.');
  return sandbox;
}

async function openStore(page: Page, name: string): Promise<void> {
  await page.goto(`/stores?q=${encodeURIComponent(name)}`);
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

async function askToDelete(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
}

/** Confirms the dialog that is open, typing what it asks for. */
async function confirmDeletion(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  const submit = dialog.getByRole('button', { name: /^(Delete \d|Move to trash)/ });
  await expect(submit).toBeVisible();
  const phrase = dialog.getByText(/^Type “/);
  if (await phrase.isVisible()) {
    const text = /“(.*)”/.exec((await phrase.textContent()) ?? '')?.[1] ?? '';
    await dialog.getByRole('textbox').fill(text);
  }
  await submit.click();
  await expect(dialog).toBeHidden();
}

test('deleting a store names the shared file, keeps it, and deletes the others', async ({ page, stack }) => {
  const project = projectOf(stack.sandbox);
  const own = await project.createFile('own.md', 'only here');
  const shared = await project.createFile('shared.md', 'in two stores');
  const going = await project.createStore({ name: 'Going', file_ids: [own.id, shared.id] });
  await project.createStore({ name: 'Staying', file_ids: [shared.id] });
  await sync(page);

  await openStore(page, 'Going');
  await askToDelete(page);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'Delete 1 vector store and 1 file in OpenAI?' })).toBeVisible();
  await expect(dialog.getByText('shared.md')).toBeVisible();
  await expect(dialog.getByText('used by Staying')).toBeVisible();
  await expect(dialog.getByText(/at once and for good/)).toBeVisible();
  await expect(dialog.getByText(/a month/)).toBeVisible();
  await confirmDeletion(page);

  await page.goto('/tasks');
  await expect(page.getByRole('row').filter({ hasText: 'Delete store Going' }).getByText('Done')).toBeVisible();
  expect(await project.isThere(`/vector_stores/${going.id}`)).toBe(false);
  expect(await project.isThere(`/files/${own.id}`)).toBe(false);
  expect(await project.isThere(`/files/${shared.id}`)).toBe(true);
  await page.goto('/stores');
  await expect(page.getByRole('link', { name: 'Staying' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Going' })).toBeHidden();
});

test('progress survives a reload, and what has not begun can be cancelled', async ({ page, stack }) => {
  const project = projectOf(stack.sandbox);
  const ids: string[] = [];
  for (let i = 0; i < 40; i += 1) ids.push((await project.createFile(`part-${i}.txt`, `part ${i}`)).id);
  const large = await project.createStore({ name: 'Large', file_ids: ids });
  await sync(page);
  await openStore(page, 'Large');
  await askToDelete(page);
  await expect(page.getByRole('dialog').getByRole('button', { name: /^Delete \d/ })).toBeVisible();
  await project.addFault({ kind: 'latency', latencyMs: 5000, method: 'DELETE' });
  await confirmDeletion(page);

  await page.goto('/tasks');
  await page.getByRole('link', { name: 'Delete store Large' }).click();
  const progress = page.getByRole('progressbar', { name: 'Deletion progress' });
  await expect(progress).toBeVisible();
  await page.reload();
  await expect(progress).toBeVisible();
  await page.getByRole('button', { name: 'Cancel the rest' }).click();
  await expect(page.getByRole('status').filter({ hasText: /^Cancelled$/ })).toBeVisible({ timeout: 300_000 });
  await project.clearFaults();
  expect(await project.isThere(`/vector_stores/${large.id}`)).toBe(true);
});

test('what failed waits with its reason, and a retry finishes it', async ({ page, stack }) => {
  const project = projectOf(stack.sandbox);
  const file = await project.createFile('stubborn.txt', 'will not go');
  const store = await project.createStore({ name: 'Stubborn', file_ids: [file.id] });
  await sync(page);
  await project.addFault({ kind: 'status', status: 400, method: 'DELETE', path: `/vector_stores/${store.id}` });
  await openStore(page, 'Stubborn');
  await askToDelete(page);
  await confirmDeletion(page);
  await page.goto('/tasks');
  const row = page.getByRole('row').filter({ hasText: 'Delete store Stubborn' });
  await expect(row.getByText('Needs attention')).toBeVisible({ timeout: 300_000 });
  await row.getByRole('link').click();
  await expect(page.getByText('Some steps could not be done.')).toBeVisible();
  await project.clearFaults();
  await page.getByRole('button', { name: 'Retry 1 failed step' }).click();
  await expect(page.getByRole('status').filter({ hasText: /^Done$/ })).toBeVisible({ timeout: 300_000 });
  expect(await project.isThere(`/vector_stores/${store.id}`)).toBe(false);
  expect(await project.isThere(`/files/${file.id}`)).toBe(false);
});

test('orphans are shown with what they weigh, and cleaned up through the same plan', async ({ page, stack }) => {
  const project = projectOf(stack.sandbox);
  const orphan = await project.createFile('left-behind.txt', 'in no store');
  await sync(page);
  await page.goto('/storage-debt');
  const debt = page.getByRole('listitem', { name: /Orphan files/ });
  await expect(debt.getByText('left-behind.txt')).toBeVisible();
  await debt.getByRole('button', { name: /Clean up orphan files/ }).click();
  await expect(page.getByRole('dialog').getByText(/OpenAI does not give files back/)).toBeVisible();
  await confirmDeletion(page);
  await expect.poll(() => project.isThere(`/files/${orphan.id}`)).toBe(false);
  await page.reload();
  await expect(page.getByRole('listitem', { name: /Orphan files/ })).toBeHidden();
});

test('a primary store goes to the trash with undo, and comes back from the trash', async ({ page }) => {
  await page.goto('/stores');
  await page.getByRole('button', { name: 'New store' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Ours to keep');
  await page.getByRole('button', { name: 'Create store' }).click();
  await expect(page.getByRole('heading', { name: 'Ours to keep', level: 1 })).toBeVisible();
  await askToDelete(page);
  await confirmDeletion(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Restored')).toBeVisible();

  await page.goto('/stores?source=primary');
  await page.getByRole('checkbox', { name: 'Select Ours to keep' }).check();
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Delete…' }).click();
  await confirmDeletion(page);
  await expect(page.getByRole('link', { name: 'Ours to keep' })).toBeHidden();
  await page.goto('/stores?status=trashed');
  await page.getByRole('checkbox', { name: 'Select Ours to keep' }).check();
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText('Restored 1 store')).toBeVisible();
  await page.goto('/stores?source=primary');
  await expect(page.getByRole('link', { name: 'Ours to keep' })).toBeVisible();
});

test('an expiry policy is shown in every form before it is saved, and extended in bulk', async ({ page }) => {
  await openStore(page, 'Ours to keep');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Expiry…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Expires' }).click();
  await page.getByRole('option', { name: 'Hours after its creation' }).click();
  await dialog.getByLabel('Hours').fill('36');
  const table = dialog.getByRole('table', { name: 'The policy in every form' });
  await expect(
    table.getByRole('row').filter({ hasText: 'OpenAI vector store' }).getByText('With losses'),
  ).toBeVisible();
  await expect(table.getByRole('row').filter({ hasText: 'OpenAI file' }).getByText('Exact')).toBeVisible();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();

  await page.goto('/stores?expiring=soon');
  await page.getByRole('checkbox', { name: 'Select Ours to keep' }).check();
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Extend…' }).click();
  await page.getByLabel('Days to add').fill('60');
  await page.getByRole('dialog').getByRole('button', { name: 'Extend', exact: true }).click();
  await expect(page.getByText('1 store extended')).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('link', { name: 'Ours to keep' })).toBeHidden();
});
