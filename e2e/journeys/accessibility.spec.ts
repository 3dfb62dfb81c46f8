import { expect } from '@playwright/test';
import { expectAccessible, expectNarrow } from '../support/axe.ts';
import { journey } from '../support/journey.ts';

const test = journey();

const PAGES = [
  '/overview',
  '/stores',
  '/stores?q=nothing-matches',
  '/files',
  '/sync',
  '/agents',
  '/agents/support-bot',
  '/storage-debt',
  '/tasks',
  '/transfers',
  '/parity',
  '/audit',
  '/settings',
  '/people',
  '/account',
  '/tenants',
  '/setup',
  '/join#none',
  '/connections',
  '/no-such-page',
];

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page has no serious axe violation in ${colorScheme} mode`, async ({ page, stack }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto('/stores');
    const store = await page.getByRole('link', { name: 'Help center' }).getAttribute('href');
    const bindings = [{ vectorStoreId: decodeURIComponent(store?.split('/').at(-1) ?? '') }];
    const bound = await page.request.put(`${stack.apiUrl}/api/agents/support-bot`, { data: { bindings } });
    expect(bound.status()).toBe(200);
    await page.goto('/sync');
    const run = await page.getByRole('region', { name: 'Sync runs' }).getByRole('link').first().getAttribute('href');
    for (const path of [
      ...PAGES,
      store ?? '',
      `${store}?tab=search&find=refund`,
      `${store}?tab=history`,
      `${store}?tab=details`,
      run ?? '',
    ]) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page, path);
    }
  });
}

test('no page scrolls sideways at a width of 390 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of PAGES) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectNarrow(page, path);
  }
});
