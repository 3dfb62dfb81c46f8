import { expect } from '@playwright/test';
import { journey } from '../support/journey.ts';

const test = journey({ sandboxFlags: ['--stores', '0'], env: { ESPEJO_SYNC_ENABLED: 'false' } });

test('an API key of a viewer is shown once, cannot write, can be revoked, and appears in the audit', async ({
  page,
  request,
  stack,
}) => {
  await page.goto('/settings');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Dashboards');
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const key = (await page.getByTestId('api-key').textContent()) ?? '';
  expect(key).toMatch(/^esp_[0-9a-f]{48}$/);
  await page.getByRole('button', { name: 'I have copied it' }).click();
  const row = page.getByRole('list', { name: 'API keys' }).getByRole('listitem').filter({ hasText: 'Dashboards' });
  await expect(row.getByText('never used')).toBeVisible();
  await expect(page.getByText(key)).toBeHidden();

  const headers = { authorization: `Bearer ${key}` };
  const url = `${stack.apiUrl}/v1/vector_stores`;
  expect((await request.get(url, { headers })).status()).toBe(200);
  expect((await request.post(url, { headers, data: { name: 'Mine' } })).status()).toBe(403);

  await row.getByRole('button', { name: 'Revoke Dashboards' }).click();
  await expect(row.getByText('Revoked')).toBeVisible();
  expect((await request.get(url, { headers })).status()).toBe(401);

  await page.goto('/audit');
  await page.getByLabel('Search the audit').fill('api_key');
  const table = page.getByRole('table');
  await expect(table.getByText('api_key.created')).toBeVisible();
  await expect(table.getByText('api_key.revoked')).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  expect((await download).suggestedFilename()).toBe('espejo-audit.ndjson');
});
