import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { journey } from '../support/journey.ts';

const test = journey({ sandboxFlags: ['--stores', '0'], env: { ESPEJO_SYNC_ENABLED: 'false' } });

const upload = (name: string, mimeType: string, text: string) => ({ name, mimeType, buffer: Buffer.from(text) });

/** Five types; the PDF has a valid header and a damaged body. */
const FILES = [
  upload('light.txt', 'text/plain', 'Lighthouses guide ships at night.\nThe keeper lights the lamp at dusk.\n'),
  upload('harbour.md', 'text/markdown', '# Harbours\n\nHarbours shelter ships in a storm.\n'),
  upload('crew.csv', 'text/csv', 'name,task\nAda,charts for ships\nGrace,the lamp\n'),
  upload('bread.html', 'text/html', '<h1>Bread</h1><p>Bread rises in a <b>warm</b> kitchen.</p>'),
  upload('broken.pdf', 'application/pdf', `%PDF-1.7\n${'nothing of a PDF follows '.repeat(40)}`),
];

async function makeStore(page: Page, name: string): Promise<string> {
  await page.goto('/stores');
  await page.getByRole('button', { name: 'New store' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Create store' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Uploads files and waits until each is ingested or has failed. */
async function uploadFiles(page: Page, files: typeof FILES): Promise<void> {
  await page.getByLabel('Files to upload').setInputFiles(files);
  await expect(page.getByText(new RegExp(`^${files.length} of ${files.length} files? sent$`))).toBeVisible();
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(files.length + 1, { timeout: 300_000 });
  await expect(rows.filter({ hasText: /Ready|Failed/ })).toHaveCount(files.length, { timeout: 300_000 });
}

async function setAttribute(page: Page, filename: string, key: string, value: string): Promise<void> {
  await page.getByRole('row').filter({ hasText: filename }).getByText(filename).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Add an attribute' }).click();
  await sheet.getByLabel('Key 1').fill(key);
  await sheet.getByLabel('Value 1').fill(value);
  await expect(sheet.getByText('1 of 16')).toBeVisible();
  const save = sheet.getByRole('button', { name: 'Save attributes' });
  await save.click();
  await expect(save).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
}

test('a store ingests files of several types and shows why a damaged one failed', async ({ page }) => {
  await makeStore(page, 'Sea');
  await uploadFiles(page, FILES);
  const broken = page.getByRole('row').filter({ hasText: 'broken.pdf' });
  await expect(broken.getByText('Failed')).toBeVisible();
  await expect(broken.getByText(/invalid_file: The PDF is damaged/)).toBeVisible();
  await expect(page.getByText('1 file failed to ingest.')).toBeVisible();
  for (const { name } of FILES.slice(0, 4))
    await expect(page.getByRole('row').filter({ hasText: name }).getByText('Ready')).toBeVisible();

  // A retry ingests the damaged file again, and it fails again.
  await page.getByRole('button', { name: 'Retry failed files' }).click();
  await expect(broken.getByText('Failed')).toBeVisible();

  await page.getByRole('row').filter({ hasText: 'harbour.md' }).getByText('harbour.md').click();
  const chunks = page.getByRole('dialog').getByRole('region', { name: 'Chunks' });
  await expect(chunks.getByText('1 chunk')).toBeVisible();
  await expect(chunks.getByText(/Harbours shelter ships in a storm/)).toBeVisible();
});

test('a search is filtered by attributes, explains its scores and can be shared by its URL', async ({ page }) => {
  const path = await makeStore(page, 'Search me');
  await uploadFiles(page, FILES.slice(0, 3));
  await setAttribute(page, 'light.txt', 'topic', 'light');
  await setAttribute(page, 'harbour.md', 'topic', 'harbour');
  await page.getByRole('tab', { name: 'Search' }).click();
  await expect(page.getByText('This store finds words and spellings, not meanings.')).toBeVisible();
  await page.getByLabel('Search for').fill('ships');
  await page.getByLabel('Search for').press('Enter');
  const results = page.getByRole('region', { name: 'Results in Search me' });
  await expect(results.getByRole('listitem').filter({ hasText: 'light.txt' })).toBeVisible();
  await expect(results.getByText(/3 results from 3 files/)).toBeVisible();
  await expect(results.getByText(/vectors 0\.\d+ \(cosine/).first()).toBeVisible();

  await page.getByRole('button', { name: 'Filter and ranking' }).click();
  await page.getByRole('button', { name: 'Condition', exact: true }).click();
  await page.getByLabel('Key', { exact: true }).fill('topic');
  await page.getByLabel('Value', { exact: true }).fill('harbour');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(results.getByText(/1 result from 1 file/)).toBeVisible();
  await expect(results.getByText('harbour.md')).toBeVisible();
  await expect(results.getByText('topic=harbour')).toBeVisible();

  // The same filter as JSON.
  await page.getByRole('button', { name: 'Edit as JSON' }).click();
  const typed = page.getByLabel('Filter as JSON');
  await expect(typed).toHaveValue(/"value": "harbour"/);
  await typed.fill('{"type": "eq"');
  await expect(page.getByText('Not valid JSON.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Search', exact: true })).toBeDisabled();
  await typed.fill('{"type": "ne", "key": "topic", "value": "harbour"}');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(results.getByText('light.txt')).toBeVisible();
  await expect(results.getByText('harbour.md')).toBeHidden();

  const address = page.url();
  await page.goto(path);
  await page.goto(address);
  await expect(results.getByText('light.txt')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
});

test('the results of two stores for the same query are shown side by side', async ({ page }) => {
  await makeStore(page, 'Left');
  await uploadFiles(page, FILES.slice(0, 2));
  await makeStore(page, 'Right');
  await uploadFiles(page, FILES.slice(0, 1));
  await page.getByRole('tab', { name: 'Search' }).click();
  await page.getByLabel('Search for').fill('ships');
  await page.getByLabel('Compare with').click();
  await page.getByRole('option', { name: /^Left/ }).click();
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  const left = page.getByRole('region', { name: 'Results in Left' });
  const right = page.getByRole('region', { name: 'Results in Right' });
  await expect(right.getByRole('listitem').filter({ hasText: 'light.txt' }).getByText('In both')).toBeVisible();
  await expect(left.getByRole('listitem').filter({ hasText: 'harbour.md' }).getByText('Only here')).toBeVisible();
});

test('a guardrail rejects a file before it is ingested', async ({ page }) => {
  await page.goto('/settings');
  await page.getByLabel('File types').fill('text/plain');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByText('Settings saved')).toBeVisible();
  await makeStore(page, 'Guarded');
  await page.getByLabel('Files to upload').setInputFiles(FILES.slice(0, 2));
  await expect(page.getByText(/Files of type 'text\/markdown' are not allowed here/)).toBeVisible();
  await expect(page.getByRole('table').getByRole('row').filter({ hasText: 'light.txt' })).toBeVisible();
  await page.goto('/settings');
  await page.getByLabel('File types').fill('nonsense');
  await expect(page.getByText('must look like application/pdf or text/*')).toBeVisible();
  await page.getByLabel('File types').fill('');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByText('Settings saved').last()).toBeVisible();
});
