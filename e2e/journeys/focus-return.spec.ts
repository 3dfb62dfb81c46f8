import { expect } from '@playwright/test';
import { journey } from '../support/journey.ts';

const test = journey();

test('a dialog returns the focus to the button that opened it', async ({ page }) => {
  await page.goto('/storage-debt');
  const cleanUp = page.getByRole('button', { name: /Clean up orphan files/ });
  await cleanUp.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(cleanUp).toBeFocused();

  await cleanUp.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(cleanUp).toBeFocused();
});

test('a dialog opened from a menu returns the focus to the button of the menu', async ({ page }) => {
  await page.goto('/stores');
  await page.getByRole('link', { name: 'Brand & press' }).click();
  const more = page.getByRole('button', { name: 'More actions' });
  await more.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Delete…' }).press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(more).toBeFocused();
});

test('a side panel returns the focus to the row that opened it', async ({ page }) => {
  await page.goto('/files');
  const row = page.getByRole('row').nth(3).locator('[data-row-link]');
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(row).toBeFocused();
});

test('a dialog whose opener is gone does not leave the focus on the body', async ({ page }) => {
  await page.goto('/stores');
  await page.getByRole('button', { name: 'New store' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Short lived');
  await page.getByRole('button', { name: 'Create store' }).click();
  await expect(page.getByRole('heading', { name: 'Short lived', level: 1 })).toBeVisible();
  await page.goto('/stores?source=primary');
  await page.getByRole('checkbox', { name: 'Select Short lived' }).check();
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Move to trash' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
});

test('the palette returns the focus to the element that had it before', async ({ page }) => {
  await page.goto('/stores');
  const search = page.getByRole('searchbox', { name: 'Search vector stores' });
  await search.focus();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(search).toBeFocused();
});
