import { expect, type Page } from '@playwright/test';
import { journey } from '../support/journey.ts';
import type { SandboxControl } from '../support/sandbox-control.ts';

const test = journey({ sandboxFlags: ['--stores', '0'], env: { ESPEJO_SYNC_ENABLED: 'false' } });

const TEXTS = {
  'light.md': 'Lighthouses guide ships at night.',
  'harbour.md': 'Harbours shelter ships in a storm.',
  'bread.md': 'Bread rises in a warm kitchen.',
};

function projectOf(sandbox: SandboxControl | null): SandboxControl {
  if (sandbox === null) throw new Error('This journey needs its own project.');
  return sandbox;
}

async function sync(page: Page): Promise<void> {
  await page.goto('/sync');
  await page.getByRole('button', { name: 'Full sync' }).click();
  const newest = page.getByRole('region', { name: 'Sync runs' }).getByRole('row').nth(1);
  await expect(newest.getByText('just now')).toBeVisible();
  await expect(newest.getByText('Succeeded')).toBeVisible({ timeout: 300_000 });
}

async function openStore(page: Page, name: string): Promise<void> {
  await page.goto(`/stores?q=${encodeURIComponent(name)}`);
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

test('a mirror is adopted, and both stores return the same results', async ({ page, stack }) => {
  const project = projectOf(stack.sandbox);
  const ids: string[] = [];
  for (const [name, text] of Object.entries(TEXTS)) ids.push((await project.createFile(name, text)).id);
  await project.createStore({ name: 'Sea', file_ids: ids });
  await sync(page);
  await openStore(page, 'Sea');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Adopt into Espejo…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/the original bytes cannot be downloaded/)).toBeVisible();
  await dialog.getByLabel('Name of the copy').fill('Sea, ours');
  await dialog.getByRole('button', { name: 'Adopt 3 files' }).click();

  await expect(page.getByRole('heading', { name: 'Sea', level: 1 })).toBeVisible();
  await expect(page.getByText('Done', { exact: true }).first()).toBeVisible({ timeout: 300_000 });
  await expect(page.getByText('3 of 3', { exact: true })).toBeVisible();
  for (const name of Object.keys(TEXTS))
    await expect(page.getByRole('row').filter({ hasText: name }).getByText('Done')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('row').filter({ hasText: 'harbour.md' }).getByText('Done')).toBeVisible();

  await page.getByRole('link', { name: 'Compare results' }).click();
  await page.getByLabel('Queries, one per line').fill('ships at night\nbread in a warm kitchen');
  await page.getByLabel('Files compared per query').fill('1');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const comparison = page.getByRole('region', { name: 'Comparison', exact: true });
  await expect(comparison.getByText('100 %', { exact: true })).toBeVisible();
  await expect(comparison.getByRole('img', { name: 'in both' })).toHaveCount(4);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Comparisons over time' }).getByRole('listitem')).toHaveCount(2);

  await openStore(page, 'Sea, ours');
  await expect(page.getByText('Primary').first()).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'light.md' }).getByText('Ready')).toBeVisible();
});

test('publishing a primary store parks when OpenAI rejects a request, and completes after a retry', async ({
  page,
  stack,
}) => {
  const project = projectOf(stack.sandbox);
  await page.goto('/stores');
  await page.getByRole('button', { name: 'New store' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Notes');
  await page.getByRole('dialog').getByRole('button', { name: 'Create store' }).click();
  await expect(page.getByRole('heading', { name: 'Notes', level: 1 })).toBeVisible();
  const files = Object.entries(TEXTS).map(([name, text]) => ({
    name,
    mimeType: 'text/markdown',
    buffer: Buffer.from(text),
  }));
  await page.getByLabel('Files to upload').setInputFiles(files);
  await expect(page.getByRole('table').getByRole('row').filter({ hasText: 'Ready' })).toHaveCount(3, {
    timeout: 300_000,
  });

  await project.addFault({ kind: 'status', status: 403, method: 'POST', path: '/uploads' });
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Publish to OpenAI…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish 3 files' }).click();
  await expect(page.getByText('Needs attention.')).toBeVisible({ timeout: 300_000 });
  await expect(page.getByText(/The API key may not write files/)).toBeVisible();
  await project.clearFaults();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('3 of 3', { exact: true })).toBeVisible({ timeout: 300_000 });
  await expect(page.getByRole('link', { name: 'Compare results' })).toBeVisible();
  const published = (await project.listStores()).filter((store) => store.name === 'Notes');
  expect(published).toHaveLength(1);
  await page.goto('/transfers');
  await expect(page.getByRole('row').filter({ hasText: 'Published' }).getByText('3 / 3')).toBeVisible();
});
