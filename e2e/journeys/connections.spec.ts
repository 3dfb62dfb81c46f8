import { expect } from '@playwright/test';
import { journey } from '../support/journey.ts';

const test = journey({
  sandboxFlags: ['--stores', '3', '--attachments', '6', '--key', 'sk-journey=proj_a', '--key', 'sk-second=proj_b'],
});

test('a bad key is said before it is saved, and a good one is connected and synced', async ({ page, stack }) => {
  const baseUrl = await page.request
    .get(`${stack.url}/api/connections`)
    .then(async (response) => (await response.json()).data[0].baseUrl as string);
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect a project' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Second project');
  await form.getByLabel('Base URL').fill(baseUrl);
  await form.getByLabel('API key').fill('sk-wrong');
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByText('upstream_unauthorized')).toBeVisible();
  await form.getByLabel('API key').fill('sk-second');
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByText(/The connection works/)).toBeVisible();
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText('Second project').first()).toBeVisible();
});

test('a malformed schedule is refused with its reason; a good one shows its next ticks', async ({ page }) => {
  await page.goto('/connections');
  await page.getByRole('button', { name: /^Edit/ }).first().click();
  const form = page.getByRole('dialog');
  const cron = form.getByRole('textbox', { name: /cron|Schedule/i });
  await cron.fill('every now and then');
  await expect(form.getByText(/is not a cron expression/).first()).toBeVisible();
  await cron.fill('0 3 * * *');
  await expect(form.getByText(/03:00|3:00/).first()).toBeVisible();
});
