import { expect, type Page } from '@playwright/test';
import { journey } from '../support/journey.ts';
import { accept, createOwner, invite, newBrowser, requestFromPage, signIn, type TestUser } from '../support/people.ts';

const test = journey({ isFirstVisit: true });
test.describe.configure({ mode: 'serial' });

const ADA: TestUser = { name: 'Ada Owner', email: 'ada@example.com', password: 'lamp harbour ship' };
const VIC: TestUser = { name: 'Vic Viewer', email: 'vic@example.com', password: 'storm bread kitchen' };

/** Their browsers stay open across the tests. */
let ada: Page;
let vic: Page;
let invitation: string;

test('a first visit can continue without accounts, and can create the owner account later', async ({ page }) => {
  await page.goto('/stores');
  await page.getByRole('button', { name: 'Use without accounts on this machine' }).click();
  await expect(page.getByRole('link', { name: 'Help center' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('link', { name: 'Help center' })).toBeVisible();
  await page.goto('/settings');
  await page.getByRole('link', { name: 'Create the owner account' }).click();
  await expect(page.getByRole('heading', { name: 'Create the owner account', level: 1 })).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill('short');
  await expect(page.getByText('At least 10 characters: 5 to go')).toBeVisible();
});

test('once the first owner is created, every user has to sign in', async ({ browser, stack }) => {
  ada = await newBrowser(browser, stack.url);
  await createOwner(ada, ADA);
  await expect(ada.getByRole('button', { name: 'Account: Ada Owner' })).toContainText('Owner');

  const visitor = await newBrowser(browser, stack.url);
  await visitor.goto('/files?orphan=true');
  await expect(visitor.getByRole('heading', { name: 'Sign in to Espejo', level: 1 })).toBeVisible();
  await signIn(visitor, { ...ADA, password: 'lamp harbour shop' });
  await expect(visitor.getByText('The e-mail address or the password is wrong.')).toBeVisible();
  await signIn(visitor, ADA);
  // The page that was requested before the sign-in.
  await expect(visitor.getByRole('heading', { name: 'Files', level: 1 })).toBeVisible();
  await expect(visitor).toHaveURL(/\/files\?orphan=true$/);
  await visitor.context().close();
});

test('an invited viewer can change nothing: the buttons are disabled, and the API answers 403', async ({ browser }) => {
  invitation = await invite(ada, VIC.email, 'Viewer');
  await expect(ada.getByRole('list', { name: 'Invitations' }).getByText(VIC.email)).toBeVisible();
  vic = await accept(browser, invitation, VIC);

  await expect(vic.getByRole('button', { name: 'New store' })).toBeDisabled();
  await vic.getByRole('button', { name: 'New store' }).hover();
  await expect(vic.getByText('Requires the editor role; yours is viewer.')).toBeVisible();
  await vic.getByRole('button', { name: 'New store' }).click({ force: true });
  await expect(vic.getByRole('dialog')).toBeHidden();
  await vic.getByRole('checkbox').first().check();
  await expect(vic.getByRole('button', { name: 'Delete…' })).toBeDisabled();
  await expect(vic.getByRole('button', { name: 'Extend…' })).toBeDisabled();

  const disabled: readonly (readonly [path: string, buttons: readonly string[]])[] = [
    ['/sync', ['Sync now', 'Full sync', 'Dry run']],
    ['/connections', ['Connect a project', 'Edit Sandbox', 'Test connection Sandbox', 'Delete Sandbox']],
    ['/settings', ['Save settings']],
  ];
  for (const [path, buttons] of disabled) {
    await vic.goto(path);
    for (const name of buttons) await expect(vic.getByRole('button', { name })).toBeDisabled();
  }
  await expect(vic.getByLabel('File types')).toBeDisabled();
  await expect(vic.getByRole('button', { name: 'New key' })).toBeHidden();
  await expect(vic.getByRole('link', { name: 'People' })).toBeHidden();
  for (const path of ['/people', '/audit']) {
    await vic.goto(path);
    await expect(vic.getByText('Requires the admin role; yours is viewer.')).toBeVisible();
  }

  const denied: readonly (readonly [method: string, path: string, body?: unknown])[] = [
    ['POST', '/api/vector-stores', { name: 'Mine' }],
    ['POST', '/api/deletions', { planHash: 'none', storeIds: ['vs_1'] }],
    ['POST', '/api/sync-runs', {}],
    ['PATCH', '/api/guardrails', { storesMax: 1 }],
    ['POST', '/api/api-keys', { name: 'Mine', role: 'viewer' }],
    ['POST', '/api/invitations', { email: 'eve@example.com', role: 'owner' }],
    ['GET', '/api/audit-events'],
  ];
  for (const request of denied) expect(await requestFromPage(vic, ...request), request[1]).toBe(403);
  expect(await requestFromPage(vic, 'GET', '/api/vector-stores')).toBe(200);
});

test('an invitation link works only once', async ({ page }) => {
  await page.goto(invitation);
  await expect(page.getByRole('heading', { name: 'This invitation cannot be used', level: 1 })).toBeVisible();
});

test('a grant lets a viewer edit one store, and the editor role lets them edit every store', async () => {
  await ada.goto('/stores');
  await ada.getByRole('button', { name: 'New store' }).click();
  await ada.getByRole('dialog').getByLabel('Name').fill('Vic’s own');
  await ada.getByRole('dialog').getByRole('button', { name: 'Create store' }).click();
  await expect(ada.getByRole('heading', { name: 'Vic’s own', level: 1 })).toBeVisible();
  const store = new URL(ada.url()).pathname;

  await vic.goto(store);
  await expect(vic.getByRole('button', { name: 'Edit' })).toBeDisabled();
  await expect(vic.getByRole('button', { name: 'Upload files…' })).toBeDisabled();

  await ada.goto('/people');
  await ada.getByRole('button', { name: /^Stores… of Vic Viewer/ }).click();
  await ada.getByRole('searchbox', { name: 'Find a store' }).fill('own');
  await ada.getByRole('button', { name: 'Add Vic’s own' }).click();
  await expect(ada.getByRole('list', { name: 'Chosen stores' }).getByText('Vic’s own')).toBeVisible();
  await ada.getByRole('button', { name: 'Done' }).click();

  await vic.reload();
  await expect(vic.getByRole('button', { name: 'Edit' })).toBeEnabled();
  await vic.getByLabel('Files to upload').setInputFiles({
    name: 'light.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('Lighthouses guide ships at night.\n'),
  });
  await expect(vic.getByRole('row').filter({ hasText: 'light.txt' }).getByText('Ready')).toBeVisible({
    timeout: 300_000,
  });
  await vic.goto('/stores');
  await expect(vic.getByRole('button', { name: 'New store' })).toBeDisabled();

  await ada.getByLabel('Role of Vic Viewer').click();
  await ada.getByRole('option', { name: /^Editor/ }).click();
  await expect(ada.getByText('Vic Viewer is editor now')).toBeVisible();
  await vic.reload();
  await expect(vic.getByRole('button', { name: 'New store' })).toBeEnabled();
});

test('an API key is limited to search in one store and stops working when revoked', async ({ request, stack }) => {
  await ada.goto('/settings');
  await ada.getByRole('button', { name: 'New key' }).click();
  const dialog = ada.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Search widget');
  await dialog.getByRole('checkbox', { name: /^Read/ }).uncheck();
  await dialog.getByLabel('Only some stores').click();
  await expect(dialog.getByText('Choose at least one store')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Create key' })).toBeDisabled();
  await dialog.getByRole('searchbox', { name: 'Find a store' }).fill('own');
  await dialog.getByRole('button', { name: 'Add Vic’s own' }).click();
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const key = (await ada.getByTestId('api-key').textContent()) ?? '';
  await ada.getByRole('button', { name: 'I have copied it' }).click();
  const row = ada.getByRole('list', { name: 'API keys' }).getByRole('listitem').filter({ hasText: 'Search widget' });
  await expect(row.getByText('limited to search in 1 store')).toBeVisible();

  const url = `${stack.apiUrl}/v1/vector_stores`;
  const headers = { authorization: `Bearer ${key}` };
  expect((await request.get(url, { headers })).status()).toBe(403);
  await row.getByRole('button', { name: 'Revoke Search widget' }).click();
  await expect(row.getByText('Revoked')).toBeVisible();
  expect((await request.get(url, { headers })).status()).toBe(401);
});

test('a sign-out invalidates a stolen cookie, and unsaved input survives a new sign-in', async ({ browser, stack }) => {
  const stolen = await vic.context().storageState();
  const thief = await (await browser.newContext({ baseURL: stack.url, storageState: stolen })).newPage();
  await thief.goto('/stores');
  await expect(thief.getByRole('button', { name: 'New store' })).toBeEnabled();
  await thief.getByRole('button', { name: 'New store' }).click();
  await thief.getByRole('dialog').getByLabel('Name').fill('Half typed');

  await vic.getByRole('button', { name: 'Account: Vic Viewer' }).click();
  await vic.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(vic.getByRole('heading', { name: 'Sign in to Espejo', level: 1 })).toBeVisible();

  expect(await requestFromPage(thief, 'GET', '/api/vector-stores')).toBe(401);
  // An event, not a click: a request in the background may have opened the sign-in dialog over the button already.
  await thief.getByRole('button', { name: 'Create store', includeHidden: true }).dispatchEvent('click');
  const again = thief.getByRole('dialog', { name: 'Sign in again' });
  await expect(again.getByLabel('E-mail')).toHaveValue(VIC.email);
  await again.getByLabel('Password', { exact: true }).fill(VIC.password);
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(again).toBeHidden();
  await expect(thief.getByRole('dialog').getByLabel('Name')).toHaveValue('Half typed');
  await thief.getByRole('button', { name: 'Create store' }).click();
  await expect(thief.getByRole('heading', { name: 'Half typed', level: 1 })).toBeVisible();
  await thief.context().close();
});

test('the audit shows every change and every denied request with its address and request id', async () => {
  await ada.goto('/audit');
  const table = ada.getByRole('table');
  for (const action of [
    'owner.set_up',
    'invitation.created',
    'member.joined',
    'store_grant.given',
    'member.role_changed',
    'api_key.created',
    'api_key.revoked',
    'session.ended',
  ]) {
    await ada.getByLabel('Search the audit').fill(action);
    await expect(table.getByText(action).first(), action).toBeVisible();
  }
  await ada.getByLabel('Search the audit').fill('createVectorStore');
  const refusal = table.getByRole('row').filter({ hasText: 'access.denied' }).first();
  await expect(refusal.getByText('denied', { exact: true })).toBeVisible();
  await refusal.getByRole('button', { name: 'access.denied' }).click();
  const sheet = ada.getByRole('dialog');
  await expect(sheet.getByText(VIC.email)).toBeVisible();
  await expect(sheet.getByRole('button', { name: 'Copy address' })).toBeVisible();
  await expect(sheet.getByRole('button', { name: 'Copy request id' })).toBeVisible();
  await expect(sheet.getByText('role_insufficient')).toBeVisible();
});
