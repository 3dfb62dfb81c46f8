import { expect, type Page } from '@playwright/test';
import { journey } from '../support/journey.ts';
import type { SandboxControl } from '../support/sandbox-control.ts';

const test = journey({
  sandboxFlags: ['--stores', '0'],
  env: { ESPEJO_SYNC_ENABLED: 'false', ESPEJO_REMOVAL_GRACE_S: '0' },
});

/** Syncs the mirror with the upstream changes of the journey. */
async function sync(page: Page): Promise<void> {
  await page.goto('/sync');
  await page.getByRole('button', { name: 'Full sync' }).click();
  const newest = page.getByRole('region', { name: 'Sync runs' }).getByRole('row').nth(1);
  await expect(newest.getByText('just now')).toBeVisible();
  await expect(newest.getByText('Succeeded')).toBeVisible({ timeout: 300_000 });
}

function projectOf(sandbox: SandboxControl | null): SandboxControl {
  if (sandbox === null) throw new Error('This journey needs its own project.');
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

/** Confirms the open dialog and types the requested phrase. */
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

test('deleting a store names and keeps a shared file, and deletes the others', async ({ page, stack }) => {
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
  await expect(dialog.getByText(/per month/)).toBeVisible();
  await confirmDeletion(page);

  await page.goto('/tasks');
  await expect(page.getByRole('row').filter({ hasText: 'Delete store Going' }).getByText('Done')).toBeVisible();
  expect(await project.exists(`/vector_stores/${going.id}`)).toBe(false);
  expect(await project.exists(`/files/${own.id}`)).toBe(false);
  expect(await project.exists(`/files/${shared.id}`)).toBe(true);
  await page.goto('/stores');
  await expect(page.getByRole('link', { name: 'Staying' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Going' })).toBeHidden();
});

test('the progress survives a reload, and steps that have not started can be cancelled', async ({ page, stack }) => {
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
  expect(await project.exists(`/vector_stores/${large.id}`)).toBe(true);
});

test('a failed step is parked with its reason, and a retry completes the deletion', async ({ page, stack }) => {
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
  await expect(page.getByText('Some steps failed.')).toBeVisible();
  await project.clearFaults();
  await page.getByRole('button', { name: 'Retry 1 failed step' }).click();
  await expect(page.getByRole('status').filter({ hasText: /^Done$/ })).toBeVisible({ timeout: 300_000 });
  expect(await project.exists(`/vector_stores/${store.id}`)).toBe(false);
  expect(await project.exists(`/files/${file.id}`)).toBe(false);
});

test('orphans are listed as storage debt and cleaned up through a deletion plan', async ({ page, stack }) => {
  const project = projectOf(stack.sandbox);
  const orphan = await project.createFile('left-behind.txt', 'in no store');
  await sync(page);
  await page.goto('/storage-debt');
  const debt = page.getByRole('listitem', { name: /Orphan files/ });
  await expect(debt.getByText('left-behind.txt')).toBeVisible();
  await debt.getByRole('button', { name: /Clean up orphan files/ }).click();
  await expect(page.getByRole('dialog').getByText(/OpenAI does not give files back/)).toBeVisible();
  await confirmDeletion(page);
  await expect.poll(() => project.exists(`/files/${orphan.id}`)).toBe(false);
  await page.reload();
  await expect(page.getByRole('listitem', { name: /Orphan files/ })).toBeHidden();
});

test('a deleted primary store moves to the trash and can be restored by undo or from the trash', async ({ page }) => {
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

test('an expiry policy is shown in every format before it is saved, and is extended in bulk', async ({ page }) => {
  await openStore(page, 'Ours to keep');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Expiry…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Expires' }).click();
  await page.getByRole('option', { name: 'Hours after creation' }).click();
  await dialog.getByLabel('Hours').fill('36');
  const table = dialog.getByRole('table', { name: 'The policy in every format' });
  await expect(table.getByRole('row').filter({ hasText: 'OpenAI vector store' }).getByText('Lossy')).toBeVisible();
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

test('a cancelled deletion tells what is done from what was planned, and its rest can be planned', async ({
  page,
  stack,
}) => {
  const project = projectOf(stack.sandbox);
  const shared = await project.createFile('shared-by-two.txt', 'in two stores');
  const ids: string[] = [shared.id];
  for (let i = 0; i < 40; i += 1) ids.push((await project.createFile(`leaf-${i}.txt`, `leaf ${i}`)).id);
  const half = await project.createStore({ name: 'Half gone', file_ids: ids });
  await project.createStore({ name: 'Keeps one', file_ids: [shared.id] });
  await sync(page);
  await openStore(page, 'Half gone');
  await askToDelete(page);
  await expect(page.getByRole('dialog').getByRole('button', { name: /^Delete \d/ })).toBeVisible();
  await project.addFault({ kind: 'latency', latencyMs: 10_000, method: 'DELETE' });
  await confirmDeletion(page);

  await page.goto('/tasks');
  await page.getByRole('link', { name: 'Delete store Half gone' }).click();
  const outcome = page.getByRole('table', { name: 'What was planned and what is done' });
  const planned = outcome.getByRole('row').filter({ hasText: 'Planned' }).getByRole('cell');
  const done = outcome.getByRole('row').filter({ hasText: 'Done' }).getByRole('cell');
  // Stores, files deleted, files detached.
  await expect(planned.nth(1)).toHaveText('40');
  await expect(done.nth(2)).not.toHaveText('0', { timeout: 300_000 });
  await page.getByRole('button', { name: 'Cancel the rest' }).click();
  const banner = page.getByRole('status').filter({ hasText: 'This deletion was cancelled.' });
  await expect(banner).toBeVisible({ timeout: 300_000 });
  await project.clearFaults();
  await expect(planned.nth(0)).toHaveText('1');
  await expect(done.nth(0)).toHaveText('0');
  const detached = Number(await done.nth(2).textContent());
  expect(detached).toBeLessThan(41);
  await expect(banner).toContainText(/Stopped after \d+ of 40 files\./);
  await expect(banner).toContainText(`The store still exists with ${41 - detached} file`);

  await banner.getByRole('link', { name: 'Open the store' }).click();
  await expect(page.getByRole('heading', { name: 'Half gone', level: 1 })).toBeVisible();
  const notice = page.getByRole('status').filter({ hasText: 'The deletion of this store was cancelled.' });
  await expect(notice).toContainText(`It took ${detached} file`);
  await sync(page);
  await openStore(page, 'Half gone');
  await expect(page.getByRole('tab', { name: /^Files/ })).toBeVisible();
  await expect(notice).toBeHidden();

  await page.goto('/tasks');
  await page.getByRole('link', { name: 'Delete store Half gone' }).click();
  await page.getByRole('button', { name: 'Plan the rest…' }).click();
  await expect(page.getByRole('dialog').getByRole('heading', { name: /^Delete 1 vector store/ })).toBeVisible();
  await confirmDeletion(page);
  await expect.poll(() => project.exists(`/vector_stores/${half.id}`), { timeout: 300_000 }).toBe(false);
  expect(await project.exists(`/files/${shared.id}`)).toBe(true);
});

test('a store in the trash says until when, is disabled, and is restored from its own page', async ({ page }) => {
  await page.goto('/stores');
  await page.getByRole('button', { name: 'New store' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Thrown away');
  await page.getByRole('button', { name: 'Create store' }).click();
  await expect(page.getByRole('heading', { name: 'Thrown away', level: 1 })).toBeVisible();
  await askToDelete(page);
  await confirmDeletion(page);

  const banner = page.getByRole('status').filter({ hasText: 'In the trash.' });
  await expect(banner).toContainText(/It is deleted for good on \d+ \w+ \d{4}/);
  await expect(page.getByRole('button', { name: 'Edit' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Upload files…' })).toBeDisabled();
  await page.getByRole('button', { name: 'More actions' }).click();
  for (const name of ['Rename…', 'Expiry…', 'Publish to OpenAI…', 'Delete…']) {
    await expect(page.getByRole('menuitem', { name })).toBeDisabled();
  }
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Search' }).click();
  await expect(page.getByText('A store in the trash cannot be searched')).toBeVisible();
  await banner.getByRole('button', { name: 'Restore' }).click();
  await expect(banner).toBeHidden();
  await expect(page.getByRole('button', { name: 'Edit' })).toBeEnabled();
  await expect(page.getByLabel('Search for')).toBeVisible();
});

test('a primary store shows the expiry policy it was given', async ({ page }) => {
  await openStore(page, 'Thrown away');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Expiry…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Expires' }).click();
  await page.getByRole('option', { name: 'Hours after creation' }).click();
  await dialog.getByLabel('Hours').fill('36');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('tab', { name: 'Details' }).click();
  await expect(page.getByText(/^36 hours after creation; created .+\. Expires: in 1 day/)).toBeVisible();
});

test('a link with a search does not search a mirror until Search is pressed', async ({ page, stack }) => {
  const project = projectOf(stack.sandbox);
  const searches = () => project.countRequests('POST /vector_stores/*/search');
  await openStore(page, 'Keeps one');
  const before = await searches();
  await page.goto(`${new URL(page.url()).pathname}?tab=search&find=stores`);
  await expect(page.getByLabel('Search for')).toHaveValue('stores');
  await expect(page.getByText('Not searched yet')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Not searched yet')).toBeVisible();
  expect(await searches()).toBe(before);
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Results in Keeps one' }).getByText('shared-by-two.txt')).toBeVisible();
  expect(await searches()).toBe(before + 1);
  await page.getByLabel('Search for').fill('two');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(page).toHaveURL(/find=two/);
  await expect.poll(searches).toBe(before + 2);
});
