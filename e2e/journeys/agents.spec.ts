import { expect, type Page } from '@playwright/test';
import { journey } from '../support/journey.ts';

const test = journey({ env: { ESPEJO_SYNC_ENABLED: 'true' } });

async function newStore(page: Page, name: string): Promise<void> {
  await page.goto('/stores');
  await page.getByRole('button', { name: 'New store' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('button', { name: 'Create store' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

async function addStore(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add store' }).click();
  await page.getByPlaceholder('Store name or id…').fill(name);
  await page.getByRole('option', { name }).first().click();
  await expect(page.getByRole('listitem', { name })).toBeVisible();
}

const openAgent = async (page: Page, key: string) => {
  await page.goto('/agents');
  await page.getByRole('link', { name: key, exact: true }).click();
  await expect(page.getByRole('heading', { name: key, level: 1 })).toBeVisible();
};

test('an agent is bound to a primary store and a mirror with options, and its code can be copied', async ({ page }) => {
  await newStore(page, 'Handbook');
  await page.goto('/agents');
  await expect(page.getByRole('heading', { name: 'No agent yet' })).toBeVisible();
  await page.getByRole('button', { name: 'New agent' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Key').fill('no spaces');
  await expect(dialog.getByText('Use letters and digits')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Choose stores' })).toBeDisabled();
  await dialog.getByLabel('Key').fill('support-bot');
  await dialog.getByRole('button', { name: 'Choose stores' }).click();
  await expect(page.getByText('The agent is created when you save its first store.')).toBeVisible();

  await addStore(page, 'Handbook');
  await addStore(page, 'Help center');
  await page.getByRole('combobox', { name: 'Mode of Help center' }).click();
  await page.getByRole('option', { name: 'Default' }).click();
  await page.getByRole('button', { name: 'Options of Handbook' }).click();
  const handbook = page.getByRole('listitem', { name: 'Handbook' });
  await handbook.getByLabel('Maximum results').fill('99');
  await expect(handbook.getByText('A whole number from 1 to 50.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await handbook.getByLabel('Maximum results').fill('4');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Agent “support-bot” saved')).toBeVisible();
  await expect(page.getByRole('region', { name: 'In your code' }).getByText('agentKey: "support-bot"')).toBeVisible();

  await page.reload();
  await expect(page.getByRole('listitem', { name: 'Handbook' }).getByText('at most 4 results')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Mode of Help center' })).toHaveText('Default');
  await page.goto('/agents');
  const row = page.getByRole('row').filter({ hasText: 'support-bot' });
  await expect(row.getByText('Ready')).toBeVisible();
  await expect(row.getByText('Help center')).toBeVisible();
});

test('a store and the plan of its deletion show which agent uses the store', async ({ page }) => {
  await page.goto('/stores?q=Handbook');
  await page.getByRole('link', { name: 'Handbook', exact: true }).click();
  await expect(page.getByRole('link', { name: 'support-bot' })).toBeVisible();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Required by an agent.')).toBeVisible();
  await expect(dialog.getByText("Agent 'support-bot' cannot be built any more")).toBeVisible();
  await expect(dialog.getByRole('link', { name: 'support-bot' })).toBeVisible();
  // Severe although it can be undone, so the name of the store has to be typed.
  const submit = dialog.getByRole('button', { name: 'Move to trash' });
  await expect(submit).toBeDisabled();
  await dialog.getByRole('textbox').fill('Handbook');
  await submit.click();
  await expect(dialog).toBeHidden();
});

test('an agent shows a missing store as broken until the store is removed from the agent', async ({ page }) => {
  await page.goto('/agents');
  await expect(page.getByRole('row').filter({ hasText: 'support-bot' }).getByText('1 store broken')).toBeVisible();
  await openAgent(page, 'support-bot');
  await expect(page.getByText('This agent cannot be built: 1 store is broken.')).toBeVisible();
  await expect(
    page.getByRole('listitem', { name: 'Handbook' }).getByText('In the trash', { exact: true }),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Remove Handbook' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Agent “support-bot” saved')).toBeVisible();
  await expect(page.getByText('This agent cannot be built')).toBeHidden();

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete agent' }).click();
  await expect(page.getByRole('heading', { name: 'No agent yet' })).toBeVisible();
  await page.goto('/audit?kind=agent');
  await expect(page.getByRole('row').filter({ hasText: 'agent.deleted' })).toBeVisible();
});
