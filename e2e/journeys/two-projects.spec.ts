import { expect, type Page } from '@playwright/test';
import { journey } from '../support/journey.ts';
import type { SandboxControl } from '../support/sandbox-control.ts';

const KEYS = ['sk-journey=proj_a', 'sk-second=proj_b'] as const;
const US = 'Acme US prod';
const EU = 'OpenAI';

const test = journey({
  sandboxFlags: ['--stores', '0', ...KEYS.flatMap((key) => ['--key', key])],
  env: { ESPEJO_REMOVAL_GRACE_S: '0' },
});

/** Set by the first test; the tests of this file run in order. */
let usStoreId = '';

function must(project: SandboxControl | null): SandboxControl {
  if (project === null) throw new Error('These journeys need projects of their own.');
  return project;
}

/** Syncs both projects and waits for the runs. */
async function syncAll(page: Page, url: string): Promise<void> {
  const { data } = (await (await page.request.get(`${url}/api/connections`)).json()) as {
    readonly data: readonly { readonly id: string }[];
  };
  for (const { id } of data) {
    const answer = await page.request.post(`${url}/api/sync-runs`, {
      data: { connectionId: id, full: true },
      headers: { origin: url },
    });
    const run = (await answer.json()) as { readonly id: string };
    const statusOf = async () =>
      ((await (await page.request.get(`${url}/api/sync-runs/${run.id}`)).json()) as { readonly status: string }).status;
    await expect.poll(statusOf).toBe('succeeded');
  }
}

/** The section of one connection in the open plan. */
const groupOf = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('region', { name: new RegExp(`${name}$`) });

test('the connect form explains the key and tests it, and a new connection syncs at once', async ({ page, stack }) => {
  const [eu, us] = [must(stack.sandbox), must(stack.projectOf('sk-second'))];
  const guide = await eu.createFile('guide.md', 'how to');
  await eu.createStore({ name: 'Product documentation', file_ids: [guide.id] });
  const manual = await us.createFile('manual.md', 'how to, in the US');
  usStoreId = (await us.createStore({ name: 'Product documentation', file_ids: [manual.id] })).id;
  for (const project of [eu, us]) await project.createStore({ name: 'test' });
  const answer = await page.request.get(`${stack.url}/api/connections`);
  const { data } = (await answer.json()) as { readonly data: readonly { readonly baseUrl: string }[] };

  await page.goto('/connections');
  await page.getByRole('button', { name: 'Connect a project' }).click();
  const form = page.getByRole('dialog');
  await expect(form.getByText(/Deleting, publishing and searching use this key too/)).toBeVisible();
  await expect(form.getByText(/never writes/)).toBeHidden();
  await form.getByLabel('Name').fill(US);
  await form.getByLabel('Base URL').fill(data[0]?.baseUrl ?? '');
  await form.getByLabel('API key').fill('sk-second');
  await form.getByRole('button', { name: 'Test connection' }).click();
  const permissions = form.getByLabel('Permissions of the key');
  await expect(permissions).toContainText('Read vector storesallowed');
  await expect(permissions).toContainText('Write and deleteunknown');
  await expect(permissions).toContainText('a test changes nothing upstream');

  // Slow, so that the running sync is visible.
  await us.addFault({ kind: 'latency', latencyMs: 20_000, method: 'GET', path: '/vector_stores' });
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: US }) });
  await expect(card.getByRole('region', { name: 'Sync in progress' })).toBeVisible();
  await expect(card.getByRole('button', { name: `Sync now ${US}` })).toHaveAttribute('aria-disabled', 'true');
  await expect(card.getByText('2 stores mirrored')).toBeVisible();
  await us.clearFaults();
  await card.getByRole('link', { name: /^View/ }).click();
  await expect(page).toHaveURL(/connection=conn_/);
  await expect(page.getByRole('status').filter({ hasText: '2 stores match' })).toBeVisible();
});

test('list, palette, store page and pickers show the connection of each mirror', async ({ page, stack }) => {
  await syncAll(page, stack.url);
  await page.goto('/stores?q=product');
  const rows = page.getByRole('row').filter({ hasText: 'Product documentation' });
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: US })).toHaveCount(1);
  await expect(rows.filter({ hasText: EU }).filter({ hasNotText: US })).toHaveCount(1);

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('product');
  const offered = page.getByRole('option').filter({ hasText: 'Product documentation' });
  await expect(offered.filter({ hasText: US })).toHaveCount(1);
  await offered.filter({ hasText: US }).click();
  const header = page.getByRole('main');
  await expect(header.getByText(US).first()).toBeVisible();
  await expect(header.getByText('OpenAI mirror').first()).toBeVisible();

  await page.getByRole('tab', { name: 'Search' }).click();
  await page.getByRole('combobox', { name: 'Compare with' }).click();
  await expect(page.getByRole('option', { name: `Product documentation · OpenAI mirror · ${EU}` })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.goto('/parity');
  await page.getByRole('combobox').first().click();
  await expect(page.getByRole('option', { name: `Product documentation · OpenAI mirror · ${US}` })).toBeVisible();
});

test('with two connections, deleting a store requires typing the connection’s name', async ({ page }) => {
  await page.goto(`/stores/${usStoreId}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: `Delete 1 vector store and 1 file in ${US}?` })).toBeVisible();
  await expect(dialog.getByText(`Type “${US}/Product documentation” to confirm`)).toBeVisible();
  const submit = dialog.getByRole('button', { name: /^Delete 1/ });
  await dialog.getByRole('textbox').fill('Product documentation');
  await expect(submit).toBeDisabled();
  await dialog.getByRole('textbox').fill(`${US}/Product documentation`);
  await expect(submit).toBeEnabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

test('a clean-up in two projects is grouped by connection and can be limited to one', async ({ page, stack }) => {
  const [eu, us] = [must(stack.sandbox), must(stack.projectOf('sk-second'))];
  await page.goto('/storage-debt');
  const empty = page.getByRole('listitem', { name: /Empty stores/ });
  await expect(empty.getByText(US)).toBeVisible();
  await empty.getByRole('button', { name: /Clean up empty stores/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'Delete 2 vector stores in 2 connections?' })).toBeVisible();
  for (const name of [EU, US]) {
    await expect(groupOf(page, name).getByText('1 vector store', { exact: true })).toBeVisible();
  }
  await expect(dialog.getByText(`Type “delete 2 vector stores in ${EU}, ${US}” to confirm`)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: 'Filter Connection' }).click();
  await page.getByRole('menuitemradio', { name: US }).click();
  await expect(page).toHaveURL(/connection=conn_/);
  await expect(empty.getByText(EU, { exact: true })).toBeHidden();
  await empty.getByRole('button', { name: /Clean up empty stores/ }).click();
  await expect(dialog.getByRole('heading', { name: `Delete 1 vector store in ${US}?` })).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect((await eu.listStores()).filter(({ name }) => name === 'test')).toHaveLength(1);
  expect((await us.listStores()).filter(({ name }) => name === 'test')).toHaveLength(1);
});

test('an orphan clean-up shows the bytes freed, largest first, and its card shows the progress to the end', async ({
  page,
  stack,
}) => {
  const eu = must(stack.sandbox);
  await eu.createFile('small.txt', 'x'.repeat(1_000));
  await eu.createFile('large.txt', 'x'.repeat(200_000));
  for (let i = 0; i < 10; i += 1) await eu.createFile(`part-${i}.txt`, 'x'.repeat(2_000));
  const orphans = page.getByRole('listitem', { name: /Orphan files/ });
  // A file created in the same second as the listing is too recent to count as an orphan: the next listing counts it.
  await expect(async () => {
    await syncAll(page, stack.url);
    await page.goto('/storage-debt');
    await expect(orphans).toContainText('12', { timeout: 10_000 });
  }).toPass();
  await orphans.getByRole('button', { name: /Clean up orphan files/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Bytes freed')).toBeVisible();
  await expect(dialog.getByText('221 kB', { exact: true })).toBeVisible();
  await expect(dialog.getByText('Indexed size')).toBeHidden();
  const names = groupOf(page, EU).getByRole('listitem');
  await expect(names.first()).toContainText('large.txt');
  await expect(names.last()).toContainText('small.txt');

  await eu.addFault({ kind: 'latency', latencyMs: 20_000, method: 'DELETE' });
  await dialog.getByRole('button', { name: 'Delete 12 files' }).click();
  await expect(dialog).toBeHidden();
  const working = orphans.getByRole('region', { name: 'Clean-up in progress' });
  await expect(working).toContainText('of 12 steps done');
  await expect(orphans.getByRole('button', { name: /Clean up orphan files/ })).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByRole('link', { name: /Tasks/ })).toContainText('1 running');
  await page.reload();
  await expect(working.getByRole('link', { name: 'Watch' })).toHaveAttribute('href', /\/tasks\/del_/);
  await eu.clearFaults();
  await expect(page.getByText('The clean-up is done.')).toBeVisible();
  await expect(page.getByText('12 of 12 steps done.')).toBeVisible();
  await expect(orphans).toBeHidden();
  await expect(page.getByRole('link', { name: /Tasks/ })).not.toContainText('running');
});

test('a status facet finds stores with failed files, and their count links to these files', async ({ page, stack }) => {
  const eu = must(stack.sandbox);
  const bad = await eu.createFile('photo.bmp', 'not text');
  const good = await eu.createFile('notes.md', 'text');
  await eu.createStore({ name: 'Half read', file_ids: [bad.id, good.id] });
  await syncAll(page, stack.url);
  await page.goto('/stores');
  await page.getByRole('button', { name: 'Filter Status' }).click();
  await page.getByRole('menuitemradio', { name: /Has failed files\s*1/ }).click();
  await expect(page).toHaveURL(/status=failed_files/);
  await expect(page.getByRole('status').filter({ hasText: '1 store matches' })).toBeVisible();
  await page.getByRole('link', { name: /1 failed/ }).click();
  await expect(page).toHaveURL(/\/stores\/vs_.*status=failed/);
  await expect(page.getByRole('button', { name: 'photo.bmp' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'notes.md' })).toBeHidden();
});
