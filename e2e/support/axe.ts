import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const softly = expect.configure({ soft: true });

/**
 * The serious axe violations of a page. A page may change while axe runs (a list loads), so callers poll until there
 * is none; a violation of the settled page is found every time.
 */
async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** Records every serious violation of a page without ending the test. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await softly.poll(() => seriousViolations(page), { message: name }).toEqual([]);
}

/** Records a page that is wider than a phone screen, without ending the test. */
export async function expectNarrow(page: Page, name: string): Promise<void> {
  softly(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(390);
}
