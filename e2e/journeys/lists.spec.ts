import { expect, type Locator, type Page } from '@playwright/test';
import { journey } from '../support/journey.ts';
import type { Stack } from '../support/stack.ts';

const test = journey({
  sandboxFlags: ['--stores', '30', '--attachments', '60'],
  env: { ESPEJO_SYNC_ENABLED: 'false' },
});

const ROW_COUNT = 150;
/** The made stores in the order of their names. */
const BY_NAME = '/stores?source=primary&sort=name&order=asc';

let made: Promise<void> | undefined;

/** Makes the stores "Row 001" to "Row 150", once for the file. */
function makeRows(stack: Stack): Promise<void> {
  made ??= (async () => {
    for (let number = 1; number <= ROW_COUNT; number += 1) {
      const response = await fetch(`${stack.apiUrl}/api/vector-stores`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: nameOf(number) }),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    }
  })();
  return made;
}

function nameOf(number: number): string {
  return `Row ${String(number).padStart(3, '0')}`;
}

const search = (page: Page): Locator => page.getByRole('searchbox', { name: 'Search vector stores' });
const row = (page: Page, number: number): Locator => page.getByRole('link', { name: nameOf(number), exact: true });
const checkbox = (page: Page, number: number): Locator =>
  page.getByRole('checkbox', { name: `Select ${nameOf(number)}`, exact: true });
const bar = (page: Page): Locator => page.getByRole('region', { name: 'Selection' });

async function openRows(page: Page, stack: Stack, path = BY_NAME): Promise<void> {
  await makeRows(stack);
  await page.goto(path);
  await expect(row(page, 1)).toBeVisible();
}

test('a list is worked by keyboard from its search and back', async ({ page, stack }) => {
  await openRows(page, stack);
  await page.keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(row(page, 1)).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await expect(row(page, 3)).toBeFocused();
  await page.keyboard.press('k');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('k');
  await expect(row(page, 1)).toBeFocused();

  await page.keyboard.press('Escape');
  await expect(search(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(search(page)).not.toBeFocused();
});

test('the arrow down in the search enters the rows that match what was typed', async ({ page, stack }) => {
  await openRows(page, stack);
  await search(page).pressSequentially('Row 12');
  await page.keyboard.press('ArrowDown');
  await expect(row(page, 120)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(search(page)).toHaveValue('Row 12');
  await page.keyboard.press('Escape');
  await expect(search(page)).toHaveValue('');
  await expect(search(page)).toBeFocused();
});

test('the keyboard moves through rows that are not loaded yet', async ({ page, stack }) => {
  await openRows(page, stack);
  await row(page, 1).focus();
  for (let number = 2; number <= ROW_COUNT; number += 1) {
    // The last loaded row is the end until the next rows are there.
    if (number === 90) await expect(page.getByText(`${ROW_COUNT} stores, end of list`)).toBeAttached();
    await page.keyboard.press('j');
    await expect(row(page, number)).toBeFocused();
  }
});

test('x and Space select a row, and Shift+x the rows up to it', async ({ page, stack }) => {
  await openRows(page, stack);
  await search(page).press('ArrowDown');
  await page.keyboard.press('x');
  await expect(checkbox(page, 1)).toBeChecked();
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  await expect(checkbox(page, 2)).toBeChecked();
  await page.keyboard.press('Space');
  await expect(checkbox(page, 2)).not.toBeChecked();
  await page.keyboard.press('x');
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('j');
  await page.keyboard.press('Shift+X');
  for (const number of [1, 2, 3, 4, 5]) await expect(checkbox(page, number)).toBeChecked();
  await expect(bar(page).getByText('5 stores selected')).toBeVisible();
  await expect(row(page, 5)).toBeFocused();
});

test('Back from a store returns to the row that was opened, at the same place', async ({ page, stack }) => {
  await openRows(page, stack);
  const list = page.getByRole('region', { name: 'Vector stores' });
  await row(page, 1).focus();
  for (let number = 2; number <= 60; number += 1) {
    await page.keyboard.press('j');
    await expect(row(page, number)).toBeFocused();
  }
  const scrollPx = await list.evaluate((element) => element.scrollTop);
  expect(scrollPx).toBeGreaterThan(0);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: nameOf(60), level: 1 })).toBeVisible();
  await page.goBack();
  await expect(row(page, 60)).toBeFocused();
  await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBe(scrollPx);
  await page.keyboard.press('j');
  await expect(row(page, 61)).toBeFocused();

  // A link to the list is no return to it.
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: nameOf(61), level: 1 })).toBeVisible();
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Vector stores' }).click();
  await expect(page).toHaveURL(/\/stores$/);
  await expect(page.getByRole('row').nth(1).locator('[data-row-link]')).toBeVisible();
  await expect(page.locator('[data-row-link]:focus')).toHaveCount(0);
  expect(await list.evaluate((element) => element.scrollTop)).toBe(0);
});

test('on a phone, Back from a store returns to the card that was opened', async ({ page, stack }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openRows(page, stack);
  await row(page, 1).focus();
  for (let number = 2; number <= 30; number += 1) {
    await page.keyboard.press('j');
    await expect(row(page, number)).toBeFocused();
  }
  const readScroll = () => page.locator('main').evaluate((element) => element.scrollTop);
  const scrollPx = await readScroll();
  expect(scrollPx).toBeGreaterThan(0);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: nameOf(30), level: 1 })).toBeVisible();
  await page.goBack();
  await expect(row(page, 30)).toBeFocused();
  await expect.poll(readScroll).toBe(scrollPx);
});

test('a row that is scrolled out of view keeps the place of the keyboard', async ({ page, stack }) => {
  await openRows(page, stack);
  const list = page.getByRole('region', { name: 'Vector stores' });
  await row(page, 3).focus();
  await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(row(page, 3)).toHaveCount(0);
  await expect(list).toBeFocused();
  await page.keyboard.press('j');
  await expect(row(page, 4)).toBeFocused();
});

test('the help names the keys of a list', async ({ page, stack }) => {
  await openRows(page, stack);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const label of [
    'From the search to the first row',
    'To the next row',
    'To the row before',
    'Select the row, where rows have a checkbox',
    'Select all rows from the last selected one',
    'Open the row',
    'From a row back to the search',
  ]) {
    await expect(help.getByText(label)).toBeVisible();
  }
});

test('a click with Shift selects every row from the last one', async ({ page, stack }) => {
  await openRows(page, stack);
  await checkbox(page, 2).check();
  await checkbox(page, 6).click({ modifiers: ['Shift'] });
  await expect(bar(page).getByText('5 stores selected')).toBeVisible();
  for (const number of [2, 3, 4, 5, 6]) await expect(checkbox(page, number)).toBeChecked();
  for (const number of [1, 7]) await expect(checkbox(page, number)).not.toBeChecked();

  await checkbox(page, 5).uncheck();
  await checkbox(page, 3).click({ modifiers: ['Shift'] });
  await expect(bar(page).getByText('2 stores selected')).toBeVisible();
  for (const number of [2, 6]) await expect(checkbox(page, number)).toBeChecked();
});

test('the checkbox of the header selects the loaded rows, and shows some of them', async ({ page, stack }) => {
  await openRows(page, stack, `${BY_NAME}&q=Row%2000`);
  const header = page.getByRole('checkbox', { name: 'Select all loaded stores' });
  const isIndeterminate = () => header.evaluate((input: HTMLInputElement) => input.indeterminate);
  await expect(header).not.toBeChecked();
  await header.check();
  await expect(bar(page).getByText('9 stores selected')).toBeVisible();
  await checkbox(page, 4).uncheck();
  await expect(bar(page).getByText('8 stores selected')).toBeVisible();
  await expect.poll(isIndeterminate).toBe(true);
  await header.check();
  await expect.poll(isIndeterminate).toBe(false);
  await expect(checkbox(page, 4)).toBeChecked();
  await header.uncheck();
  await expect(bar(page)).toBeHidden();
});

test('after the opened store has gone to the trash, Back returns to the row in its place', async ({ page, stack }) => {
  await openRows(page, stack, `${BY_NAME}&q=Row%200`);
  await row(page, 31).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: nameOf(31), level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Move to trash' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.goBack();
  await expect(row(page, 31)).toHaveCount(0);
  await expect(row(page, 32)).toBeFocused();
});

test('all matching stores stay selected but for the one that is unticked', async ({ page, stack }) => {
  await makeRows(stack);
  await page.goto(`${BY_NAME}&q=Row%2014`);
  await expect(row(page, 140)).toBeVisible();
  await checkbox(page, 140).check();
  await bar(page).getByRole('button', { name: 'Select all 10 matching' }).click();
  await expect(bar(page).getByText('10 stores selected')).toBeVisible();
  await checkbox(page, 145).uncheck();
  await expect(bar(page).getByText('9 stores selected')).toBeVisible();
  await expect(checkbox(page, 146)).toBeChecked();

  await bar(page).getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'Move 9 vector stores to the trash?' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Move to trash' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('status').filter({ hasText: '1 store matches' })).toBeVisible();
  await expect(row(page, 145)).toBeVisible();
});

/** Syncs the mirror and waits for the end of the run. */
async function syncNow(stack: Stack): Promise<void> {
  const started = await fetch(`${stack.apiUrl}/api/sync-runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const { id } = (await started.json()) as { id: string };
  const readStatus = async () => {
    const run = (await (await fetch(`${stack.apiUrl}/api/sync-runs/${id}`)).json()) as { status: string };
    return run.status;
  };
  await expect.poll(readStatus).toBe('succeeded');
}

test('a store that is missing upstream has the status Missing', async ({ page, stack }) => {
  await syncNow(stack);
  const [gone] = (await stack.sandbox?.listStores()) ?? [];
  await stack.sandbox?.deleteStore(gone?.id ?? '');
  await syncNow(stack);
  await page.goto('/stores?status=missing');
  const line = page.getByRole('row').filter({ hasText: gone?.name ?? '' });
  await expect(line.getByText('Missing', { exact: true })).toBeVisible();
  await expect(line.getByText('Ready')).toBeHidden();
  await line.getByRole('link', { name: gone?.name ?? '' }).click();
  await expect(page.getByRole('heading', { name: gone?.name ?? '', level: 1 })).toBeVisible();
  await expect(page.getByRole('definition').filter({ hasText: 'Missing' })).toBeVisible();
});

test('the columns that are ticked are the columns that are shown', async ({ page, stack }) => {
  await openRows(page, stack);
  const header = page.getByRole('columnheader', { name: 'As of' });
  const columns = page.getByRole('button', { name: 'Columns' });
  const asOf = page.getByRole('menuitemcheckbox', { name: 'As of' });
  await expect(header).toBeHidden();
  await columns.click();
  await expect(page.getByRole('menuitemcheckbox', { name: 'Status' })).toBeChecked();
  await expect(asOf).not.toBeChecked();
  await asOf.click();
  await expect(asOf).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(header).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('columnheader', { name: 'Created' })).toBeVisible();
});

test('a file is opened by keyboard from the search of the files', async ({ page, stack }) => {
  await syncNow(stack);
  await page.goto('/files');
  const first = page.getByRole('row').nth(1).locator('[data-row-link]');
  await expect(first).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search files' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(first).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(first).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('searchbox', { name: 'Search files' })).toBeFocused();
});

test('a file of a store is opened by keyboard from the search of the store', async ({ page, stack }) => {
  await syncNow(stack);
  await page.goto('/stores?source=cache&sort=files&order=desc');
  const store = page.getByRole('row').nth(1).locator('[data-row-link]');
  await expect(store).toBeVisible();
  await search(page).press('ArrowDown');
  await expect(store).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('table', { name: 'Files of this store' })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('row').nth(1).locator('[data-row-link]')).toBeFocused();
  await page.keyboard.press('Space');
  await expect(page.getByRole('dialog')).toBeVisible();
});

/** Whether the beginning of a cut name is in view: at the right edge of its box when it is written from right to left. */
async function readCut(name: Locator): Promise<{ readonly isCut: boolean; readonly direction: string }> {
  return name.evaluate((element) => ({
    isCut: element.scrollWidth > element.clientWidth && getComputedStyle(element).textOverflow === 'ellipsis',
    direction: getComputedStyle(element).direction,
  }));
}

test('a long name keeps its beginning in its own direction, and is shown whole on hover', async ({ page, stack }) => {
  const arabic = `مرحبا ${'بالعالم '.repeat(28)}نهاية`;
  const latin = `Handbook ${'of the customer service '.repeat(9)}end`;
  for (const name of [arabic, latin]) {
    const made = await fetch(`${stack.apiUrl}/api/vector-stores`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    expect(made.status).toBe(201);
  }
  for (const [name, direction] of [
    [arabic, 'rtl'],
    [latin, 'ltr'],
  ] as const) {
    await page.goto(`/stores?q=${encodeURIComponent(name.slice(0, 8))}`);
    const inTable = page.getByRole('link', { name }).locator('bdi');
    await expect(inTable).toBeVisible();
    await expect.poll(() => readCut(inTable)).toEqual({ isCut: true, direction });
    const hint = page.locator('[aria-hidden="true"]').getByText(name, { exact: true });
    // A list that still moves hides the hint, so the pointer comes again.
    await expect(async () => {
      await page.mouse.move(0, 0);
      await inTable.hover();
      await expect(hint).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await inTable.click();
    const inHeading = page.getByRole('heading', { level: 1 }).locator('bdi');
    await expect(inHeading).toHaveText(name);
    await expect.poll(() => readCut(inHeading)).toEqual({ isCut: true, direction });

    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => readCut(inHeading)).toEqual({ isCut: true, direction });
    await page.goto(`/stores?q=${encodeURIComponent(name.slice(0, 8))}`);
    const inCard = page.getByRole('listitem').getByRole('link', { name }).locator('bdi');
    await expect.poll(() => readCut(inCard)).toEqual({ isCut: true, direction });
    await page.setViewportSize({ width: 1440, height: 900 });
  }
});
