import { expect } from '@playwright/test';
import { journey } from '../support/journey.ts';

const test = journey({
  sandboxFlags: ['--stores', '3', '--attachments', '6', '--key', 'sk-journey=proj_a', '--key', 'sk-second=proj_b'],
});

test('the connection test reports a wrong key before it is saved, and a valid key is connected', async ({
  page,
  stack,
}) => {
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

test('a changed address requires the key again before any request is sent to it', async ({ page, stack }) => {
  const { data } = (await (await page.request.get(`${stack.url}/api/connections`)).json()) as {
    readonly data: readonly { readonly id: string; readonly name: string; readonly baseUrl: string }[];
  };
  const { baseUrl = '' } = data[0] ?? {};
  const body = { name: 'Moving project', baseUrl, apiKey: 'sk-second', project: 'proj_b', isSyncEnabled: false };
  const headers = { origin: stack.url };
  const created = await page.request.post(`${stack.url}/api/connections`, { data: body, headers });
  expect(created.status()).toBe(201);
  await page.goto('/connections');
  await page.getByRole('button', { name: 'Edit Moving project' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Project').fill('proj_c');
  await expect(form.getByText('Enter a key to test')).toBeVisible();
  await form.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(form.getByText('The address changed: enter the API key again')).toBeVisible();
  await form.getByLabel('API key').fill('sk-second');
  await form.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
});

test('a malformed schedule is rejected with the reason, and a valid one shows its next runs', async ({ page }) => {
  await page.goto('/connections');
  await page.getByRole('button', { name: /^Edit/ }).first().click();
  const form = page.getByRole('dialog');
  const cron = form.getByRole('textbox', { name: /cron|Schedule/i });
  await cron.fill('every now and then');
  await expect(form.getByText(/is not a cron expression/).first()).toBeVisible();
  await cron.fill('0 3 * * *');
  await expect(form.getByText(/03:00|3:00/).first()).toBeVisible();
});
