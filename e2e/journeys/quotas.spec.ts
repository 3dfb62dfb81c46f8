import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { journey } from '../support/journey.ts';

const test = journey({ sandboxFlags: ['--stores', '0'], env: { ESPEJO_SYNC_ENABLED: 'false' } });

async function createStore(page: Page, name: string): Promise<void> {
  await page.goto('/stores');
  await page.getByRole('button', { name: 'New store' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create store' }).click();
}

test('the console shows the limits of a plan, reports an exceeded one, and a higher limit allows more', async ({
  page,
  request,
  stack,
}) => {
  const give = async (overrides: object) => {
    const data = { planId: 'small', overrides };
    expect((await request.put(`${stack.apiUrl}/api/tenants/default/plan`, { data })).status()).toBe(200);
  };
  const plan = { id: 'small', name: 'Small', limits: { storesMax: 1, filesPerStoreMax: 1 } };
  expect((await request.post(`${stack.apiUrl}/api/plans`, { data: plan })).status()).toBe(201);
  await give({});
  await page.goto('/stores');
  await expect(page.getByText('0 of 1 store in Espejo')).toBeVisible();
  await createStore(page, 'Only');
  await expect(page.getByRole('heading', { name: 'Only', level: 1 })).toBeVisible();
  await expect(page.getByText('0 of 1 file in this store')).toBeVisible();

  const files = ['a.txt', 'b.txt'].map((name) => ({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.from(`text ${name}`),
  }));
  await page.getByLabel('Files to upload').setInputFiles(files);
  await expect(page.getByText('1 of 2 files sent, 1 failed')).toBeVisible();
  await expect(page.getByText(/Files of a store: at most 1;.*Your plan allows no more/)).toBeVisible();
  await expect(page.getByText('1 of 1 file in this store · used up')).toBeVisible();

  await createStore(page, 'One too many');
  const refusal = page.getByRole('dialog').getByRole('alert');
  await expect(refusal).toContainText('Your plan allows no more');
  await expect(refusal).toContainText('quota_exceeded');

  await page.goto('/settings');
  const usage = page.getByRole('region', { name: 'Usage' });
  await expect(usage.getByText('Plan: Small')).toBeVisible();
  const stores = usage.getByRole('listitem').filter({ hasText: 'Primary stores' });
  await expect(stores).toContainText('Used up');
  await expect(stores.getByRole('progressbar', { name: 'Primary stores' })).toHaveAttribute('aria-valuenow', '100');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);

  await give({ storesMax: 2 });
  await createStore(page, 'Another');
  await expect(page.getByRole('heading', { name: 'Another', level: 1 })).toBeVisible();

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Make default' }).click();
  await expect(page.getByText('This is the default store now')).toBeVisible();
  await page.goto('/stores');
  const row = page.getByRole('row').filter({ hasText: 'Another' });
  await expect(row.getByText('Default')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Only' }).getByText('Default')).toBeHidden();
});
