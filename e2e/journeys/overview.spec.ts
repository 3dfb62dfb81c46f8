import { expect, type Locator, type Page } from '@playwright/test';
import { expectAccessible, expectNarrow } from '../support/axe.ts';
import { journey } from '../support/journey.ts';

const test = journey({
  sandboxFlags: ['--stores', '30', '--attachments', '600'],
  env: { ESPEJO_SYNC_ENABLED: 'false', ESPEJO_REMOVAL_GRACE_S: '0' },
});

/** Syncs the mirror and waits until a run that is newer than the last one has ended so. */
async function syncTo(page: Page, status: string): Promise<void> {
  await page.goto('/sync');
  const runs = page.getByRole('region', { name: 'Sync runs' });
  const newest = runs.getByRole('row').nth(1).getByRole('link');
  await expect(newest.or(page.getByText('No sync has run yet'))).toBeVisible();
  const before = (await newest.isVisible()) ? ((await newest.getAttribute('href')) ?? '') : '';
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(newest).not.toHaveAttribute('href', before);
  await expect(runs.getByRole('row').nth(1).getByText(status)).toBeVisible({ timeout: 600_000 });
}

const attention = (page: Page) => page.getByRole('region', { name: 'Needs attention now' });
const storage = (page: Page) => page.getByRole('region', { name: 'Storage and cost' });

async function openOverview(page: Page): Promise<void> {
  await page.goto('/overview');
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  await expect(storage(page)).toBeVisible();
}

const textOf = async (figure: Locator) => (await figure.textContent()) ?? '';

/** Follows a figure, and returns its text. */
async function follow(figure: Locator): Promise<string> {
  const text = await textOf(figure);
  await figure.click();
  return text;
}

test('the root leads to the overview, which is the first entry of the navigation', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/overview$/);
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Console' }).getByRole('link').first()).toHaveText('Overview');
  await expect(page.getByRole('region', { name: 'Health' })).toBeVisible();
});

test('every total and every figure of a connection is that of the list it links to', async ({ page, stack }) => {
  await stack.sandbox?.createStore({ name: 'Ends soon', expires_after: { anchor: 'last_active_at', days: 3 } });
  await syncTo(page, 'Succeeded');
  const countOf = (noun: string, figure: string) =>
    page.getByRole('status').filter({ hasText: new RegExp(`^${figure} ${noun}s?( match| matches)?$`) });
  const figureOf = (label: string) => storage(page).locator('dl > div').filter({ hasText: label }).getByRole('link');
  const cell = (column: number) =>
    storage(page).getByRole('table', { name: 'By connection' }).getByRole('row').nth(1).getByRole('link').nth(column);

  await openOverview(page);
  expect(Number(await textOf(figureOf('Vector stores')))).toBeGreaterThan(30);
  await expect(countOf('store', await follow(figureOf('Vector stores')))).toBeVisible();
  await openOverview(page);
  await expect(countOf('file', await follow(figureOf('Files')))).toBeVisible();
  await openOverview(page);
  const bill = await follow(figureOf('Cost'));
  await expect(page.getByRole('region', { name: 'Storage bill' })).toContainText(bill);

  await openOverview(page);
  await expect(countOf('store', await follow(cell(0)))).toBeVisible();
  await expect(page).toHaveURL(/\/stores\?connection=/);
  await openOverview(page);
  await expect(countOf('file', await follow(cell(1)))).toBeVisible();
  await expect(page).toHaveURL(/\/files\?connection=/);
  await openOverview(page);
  const [sizeBytes, cost] = [await textOf(cell(2)), await follow(cell(3))];
  await expect(page).toHaveURL(/\/storage-debt\?connection=/);
  await expect(page.getByRole('region', { name: 'Storage bill' })).toContainText(`${sizeBytes} · ${cost}`);
});

test('every row that needs attention leads to the list that explains it', async ({ page }) => {
  await openOverview(page);
  const expiring = attention(page).getByRole('link', { name: /expires? soon$/ });
  const count = Number.parseInt(await textOf(expiring), 10);
  expect(count).toBeGreaterThan(0);
  await expiring.click();
  await expect(page).toHaveURL(/\/stores\?expiring=soon&connection=/);
  await expect(page.getByRole('status').filter({ hasText: new RegExp(`^${count} stores? match`) })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Ends soon' })).toBeVisible();

  await openOverview(page);
  const debt = attention(page).getByRole('link', { name: /^Storage debt: / });
  const cost = (await textOf(debt)).replace('Storage debt: ', '');
  await debt.click();
  await expect(page).toHaveURL(/\/storage-debt\?connection=/);
  await expect(page.getByRole('region', { name: 'Storage debt', exact: true })).toContainText(cost);
});

test('the health of a connection has its last runs as links whose text says how they ended', async ({ page }) => {
  await openOverview(page);
  const health = page.getByRole('region', { name: 'Health' });
  const runs = health.getByRole('list', { name: /^Last sync runs of / }).getByRole('link');
  await expect(runs.last()).toHaveText(/^Sync: Succeeded, /);
  await expect(health.getByText(/^Last \d+: .*succeeded/)).toBeVisible();
  await runs.last().click();
  await expect(page).toHaveURL(/\/sync\/run_/);
  await expect(page.getByText('Succeeded').first()).toBeVisible();
});

test('the numbers of the chart are in a table', async ({ page }) => {
  await openOverview(page);
  await expect(storage(page).getByRole('img', { name: /^Storage over time\. / })).toBeVisible();
  await storage(page).getByText('The numbers as a table').click();
  const table = storage(page).getByRole('table', { name: /^Storage and cost by day/ });
  const size = await textOf(
    storage(page).locator('dl > div').filter({ hasText: 'Storage of mirrors' }).getByRole('link'),
  );
  await expect(table.getByRole('row').nth(1)).toContainText(size);
});

test('the overview says that nothing needs attention, and as of when', async ({ page }) => {
  await page.route('**/api/overview', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), attention: [] } });
  });
  await openOverview(page);
  await expect(attention(page).getByText(/^Nothing needs attention, as of .+\.$/)).toBeVisible();
});

test('a failing sync is named until one succeeds', async ({ page, stack }) => {
  await stack.sandbox?.addFault({ kind: 'status', status: 401 });
  await syncTo(page, 'Failed');
  await openOverview(page);
  await expect(attention(page).getByRole('link', { name: 'The API key is refused' })).toBeVisible();
  await stack.sandbox?.clearFaults();
  await syncTo(page, 'Succeeded');
  await openOverview(page);
  await expect(attention(page).getByRole('link', { name: 'The API key is refused' })).toBeHidden();
});

test('a run that waits for approval is named, and is gone after the approval', async ({ page, stack }) => {
  const stores = (await stack.sandbox?.listStores()) ?? [];
  for (const store of stores.slice(0, 12)) await stack.sandbox?.deleteStore(store.id);
  await syncTo(page, 'Needs review');
  await openOverview(page);
  const waiting = attention(page).getByRole('link', { name: 'A sync waits for review' });
  await expect(waiting).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, `the overview in ${colorScheme} mode`);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(waiting).toBeVisible();
  await expectNarrow(page, 'the overview');
  await page.setViewportSize({ width: 1440, height: 900 });

  await waiting.click();
  await expect(page).toHaveURL(/\/sync\?connection=.*status=needs_review/);
  await page.getByRole('region', { name: 'Sync runs' }).getByRole('row').nth(1).getByRole('link').click();
  await page.getByRole('button', { name: /Approve/ }).click();
  const dialog = page.getByRole('dialog');
  const typed = dialog.getByRole('textbox');
  if (await typed.isVisible()) await typed.fill('OpenAI');
  await dialog.getByRole('button', { name: 'Approve removals' }).click();
  await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 600_000 });
  await openOverview(page);
  await expect(waiting).toBeHidden();
  await expect(storage(page).locator('dl > div').filter({ hasText: 'Vector stores' }).getByRole('link')).toHaveText(
    String(stores.length - 12),
  );
});
