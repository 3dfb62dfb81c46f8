import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const softly = expect.configure({ soft: true });

/** What axe finds serious now. A page may change while axe reads it (a button wakes, a list arrives), so it is asked again
 * until nothing is found; a fault of the page at rest is found every time. */
async function seriousFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** Notes every serious fault of a page, and goes on. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await softly.poll(() => seriousFaults(page), { message: name }).toEqual([]);
}

/** Notes a page that is wider than a telephone. */
export async function expectNarrow(page: Page, name: string): Promise<void> {
  softly(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(390);
}
