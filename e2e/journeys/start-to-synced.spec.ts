import { expect } from '@playwright/test';
import { journey } from '../support/journey.ts';

/** The first run of `npm start` in a new clone, without an account or a key. */
const test = journey();

test('the first page is the overview of the sandbox, and leads to its mirrored stores', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/overview$/);
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Vector stores' }).first().click();
  await expect(page).toHaveURL(/\/stores$/);
  await expect(page.getByRole('heading', { name: 'Vector stores', level: 1 })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: '24 stores' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Help center' })).toBeVisible();
  await expect(page.getByText('Sandbox', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('OpenAI mirror').first()).toBeVisible();
  await expect(page.getByTestId('as-of')).toContainText('As of');
});

test('a mirror shows its files, its history and why it is read-only', async ({ page }) => {
  await page.goto('/stores');
  await page.getByRole('link', { name: 'Help center' }).click();
  await expect(page.getByRole('heading', { name: 'Help center', level: 1 })).toBeVisible();
  await expect(page.getByText('165 files', { exact: true })).toBeVisible();
  await expect(page.getByText('Read-only here.')).toBeVisible();
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByText(/165 files/).first()).toBeVisible();
  await page.getByRole('tab', { name: 'Details' }).click();
  await expect(page.getByText('production').first()).toBeVisible();
});

test('the files page marks orphans and filters by them', async ({ page }) => {
  await page.goto('/files');
  await expect(page.getByText('680 files').first()).toBeVisible();
  await page.goto('/files?orphan=true');
  await expect(page.getByText('34 files').first()).toBeVisible();
  await expect(page.getByText('Orphan', { exact: true }).first()).toBeVisible();
});

test('the URL keeps filters and search across a reload and in a shared link', async ({ page, context }) => {
  await page.goto('/stores');
  await page.getByRole('button', { name: /Source/ }).click();
  await page.getByRole('menuitemradio', { name: /OpenAI mirror/ }).click();
  await expect(page).toHaveURL(/source=cache/);
  await page.getByRole('searchbox', { name: 'Search vector stores' }).fill('support bot');
  await expect(page).toHaveURL(/q=support/);
  await expect(page.getByRole('status').filter({ hasText: '2 stores match' })).toBeVisible();

  await page.reload();
  await expect(page.getByRole('status').filter({ hasText: '2 stores match' })).toBeVisible();
  await expect(page.getByRole('searchbox', { name: 'Search vector stores' })).toHaveValue('support bot');

  const shared = await context.newPage();
  await shared.goto(page.url());
  await expect(shared.getByRole('status').filter({ hasText: '2 stores match' })).toBeVisible();
  await shared.getByRole('searchbox', { name: 'Search vector stores' }).fill('nothing has this name');
  await expect(shared.getByRole('button', { name: 'Clear filters' })).toBeVisible();
  await shared.getByRole('button', { name: 'Clear filters' }).click();
  await expect(shared.getByRole('status').filter({ hasText: '24 stores' })).toBeVisible();
});

test('renaming a mirror is rejected with the reason', async ({ page }) => {
  await page.goto('/stores');
  await page.getByRole('link', { name: 'Brand & press' }).click();
  const edit = page.getByRole('button', { name: 'Edit', exact: true });
  await expect(edit).toHaveAttribute('aria-disabled', 'true');
  await edit.click({ force: true });
  await expect(page.getByRole('dialog')).toBeHidden();

  await page.getByRole('button', { name: 'More actions' }).click();
  const rename = page.getByRole('menuitem', { name: 'Rename…' });
  await expect(rename).toHaveAttribute('aria-disabled', 'true');
  await expect(rename).toHaveAttribute('aria-description', /read-only copy/);
  await rename.click({ force: true });
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('menuitem', { name: 'Expiry…' }).click();
  const expiry = page.getByRole('dialog');
  await expect(expiry.getByText('This store is read-only here.')).toBeVisible();
  await expect(expiry.getByRole('button', { name: 'Save' })).toBeHidden();
  await expiry.getByRole('button', { name: 'Adopt to edit here' }).click();
  await expect(page.getByRole('dialog').getByRole('heading', { name: 'Adopt this mirror' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'Brand & press', level: 1 })).toBeVisible();
});

test('the banner of a mirror links to OpenAI and offers to adopt it', async ({ page }) => {
  // The sandbox is not at OpenAI, so the address of its connection is replaced.
  await page.route('**/api/connections', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { data: { baseUrl: string }[] };
    for (const connection of body.data) connection.baseUrl = 'https://api.openai.com/v1';
    await route.fulfill({ response: answer, json: body });
  });
  await page.goto('/stores');
  await page.getByRole('link', { name: 'Brand & press' }).click();
  await expect(page.getByRole('link', { name: 'Open in OpenAI' })).toHaveAttribute(
    'href',
    /^https:\/\/platform\.openai\.com\/storage\/vector_stores\/vs_/,
  );
  await page.getByRole('button', { name: 'Adopt to edit here' }).click();
  await expect(page.getByRole('dialog').getByRole('heading', { name: 'Adopt this mirror' })).toBeVisible();
});
