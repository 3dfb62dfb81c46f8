import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectNarrow } from '../support/axe.ts';
import { journey } from '../support/journey.ts';
import { accept, createOwner, invite, newBrowser, requestFromPage, signIn, type TestUser } from '../support/people.ts';

const test = journey({ isFirstVisit: true });
test.describe.configure({ mode: 'serial' });

const ADA: TestUser = { name: 'Ada Owner', email: 'ada@example.com', password: 'lamp harbour ship' };
const VIC: TestUser = { name: 'Vic Viewer', email: 'vic@example.com', password: 'storm bread kitchen' };

/** Their browsers stay open across the tests. */
let ada: Page;
let vic: Page;

test('the owner invites a viewer, who joins and cannot create a store', async ({ browser, stack }) => {
  ada = await newBrowser(browser, stack.url);
  await createOwner(ada, ADA);
  vic = await accept(browser, await invite(ada, VIC.email, 'Viewer'), VIC);
  await expect(vic.getByRole('button', { name: 'New store' })).toBeDisabled();
});

test('the sign-in page redirects a signed-in user only to pages of the console', async ({ stack }) => {
  for (const [to, path] of [
    ['/people', '/people'],
    ['//127.0.0.1:1/x', '/stores'],
    ['/\t/127.0.0.1:1/x', '/stores'],
    ['/\n/127.0.0.1:1/x', '/stores'],
    ['/\\127.0.0.1:1/x', '/stores'],
    ['http://127.0.0.1:1/x', '/stores'],
  ]) {
    await ada.goto(`/sign-in?to=${encodeURIComponent(to ?? '')}`);
    await expect(ada).toHaveURL(`${stack.url}${path}`);
  }
});

test('a password change requires the current password and ends the other sessions', async ({ browser, stack }) => {
  const other = await newBrowser(browser, stack.url);
  await other.goto('/stores');
  await signIn(other, VIC);
  await expect(other.getByRole('heading', { name: 'Vector stores', level: 1 })).toBeVisible();

  await vic.getByRole('button', { name: 'Account: Vic Viewer' }).click();
  await vic.getByRole('menuitem', { name: 'Your account' }).click();
  const sessions = vic.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
  await expect(sessions.filter({ hasText: 'This session' })).toHaveCount(1);
  await vic.getByLabel('Current password').fill('not this one');
  await vic.getByLabel('New password').fill('a quite new password');
  await vic.getByRole('button', { name: 'Change password' }).click();
  await expect(vic.getByText('This is not your current password.')).toBeVisible();
  await vic.getByLabel('Current password').fill(VIC.password);
  await vic.getByRole('button', { name: 'Change password' }).click();
  await expect(vic.getByText('Password changed')).toBeVisible();
  await expect(sessions).toHaveCount(1);
  expect(await requestFromPage(other, 'GET', '/api/vector-stores')).toBe(401);
  await other.context().close();
});

test('the operator creates an empty tenant, and the invited user becomes its owner', async ({ browser }) => {
  await ada.getByRole('button', { name: 'Account: Ada Owner' }).click();
  await ada.getByRole('menuitem', { name: 'Tenants' }).click();
  await ada.getByRole('button', { name: 'New tenant' }).click();
  await ada.getByRole('dialog').getByLabel('Tenant name').fill('Globex');
  await ada.getByRole('dialog').getByLabel('Owner’s e-mail').fill('gus@example.com');
  await ada.getByRole('button', { name: 'Create tenant and link' }).click();
  const link = (await ada.getByTestId('invitation-link').textContent()) ?? '';
  await ada.getByRole('button', { name: 'I have copied it' }).click();
  await expect(ada.getByRole('list', { name: 'Tenants' }).getByText('Globex')).toBeVisible();

  const gus = await accept(browser, link, { name: 'Gus', email: 'gus@example.com', password: 'third set of words' });
  await expect(gus.getByRole('button', { name: 'Account: Gus' })).toContainText('Globex');
  await expect(gus.getByText('No project is connected')).toBeVisible();
  await gus.context().close();
});

test('a user joins a second tenant with the same account and switches between the two', async ({ stack }) => {
  await ada.goto('/tenants');
  await ada.getByRole('button', { name: 'New tenant' }).click();
  await ada.getByRole('dialog').getByLabel('Tenant name').fill('Initech');
  await ada.getByRole('dialog').getByLabel('Owner’s e-mail').fill(ADA.email);
  await ada.getByRole('button', { name: 'Create tenant and link' }).click();
  const link = (await ada.getByTestId('invitation-link').textContent()) ?? '';

  // The link is for Ada: Vic sees that it is for another address, and Ada joins with one click.
  await vic.goto(link);
  await expect(vic.getByText('This invitation is for another address.')).toBeVisible();
  await ada.goto(link);
  await ada.getByRole('button', { name: 'Join as Ada Owner' }).click();
  const menu = ada.getByRole('button', { name: 'Account: Ada Owner' });
  await expect(menu).toContainText('Initech');
  await expect(ada.getByText('No project is connected')).toBeVisible();

  await menu.click();
  await ada.getByRole('menuitemradio', { name: /^Default/ }).click();
  await expect(menu).toContainText('Default');
  await expect(ada.getByRole('link', { name: 'Help center' })).toBeVisible();
  expect(new URL(ada.url()).origin).toBe(stack.url);
});

test('the pages of accounts have no serious axe violation in light and dark, and do not scroll sideways', async ({
  browser,
  stack,
}) => {
  const link = await invite(ada, 'eve@example.com', 'Editor');
  const visitor = await newBrowser(browser, stack.url);
  const visits: readonly (readonly [page: Page, path: string, heading: string])[] = [
    [visitor, '/stores', 'Sign in to Espejo'],
    [visitor, '/sign-in?error=not_invited', 'Sign in to Espejo'],
    [visitor, link, 'Join Default'],
    [ada, '/people', 'People'],
    [ada, '/account', 'Your account'],
    [ada, '/tenants', 'Tenants'],
    [ada, '/audit', 'Audit'],
    [vic, '/settings', 'Settings'],
    [vic, '/people', 'Only admins can see people'],
  ];
  for (const [page, path, heading] of visits) {
    await page.goto(path);
    await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectAccessible(page, `${path} ${colorScheme}`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNarrow(page, path);
    await page.setViewportSize({ width: 1440, height: 900 });
  }

  await ada.goto('/settings');
  await ada.getByRole('button', { name: 'New key' }).click();
  await ada.getByRole('dialog').getByLabel('Only some stores').click();
  await expectAccessible(ada, 'the dialog of a key');
  await ada.goto('/people');
  await ada.getByRole('button', { name: 'Invite' }).click();
  await expectAccessible(ada, 'the dialog of an invitation');
  await visitor.context().close();
});

test('every page has a content security policy that allows only its own scripts', async ({ request, stack }) => {
  for (const path of ['/stores', '/setup', '/sign-in', '/join', '/people', '/apiary']) {
    const { 'content-security-policy': policy, ...headers } = (await request.get(stack.url + path)).headers();
    expect(policy, path).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';.*frame-ancestors 'none'/);
    expect(headers, path).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
  }
});

test('an API key opens the console with the permissions of the key', async ({ browser, stack }) => {
  await ada.goto('/settings');
  await ada.getByRole('button', { name: 'New key' }).click();
  await ada.getByRole('dialog').getByLabel('Name').fill('Wall display');
  await ada.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const key = (await ada.getByTestId('api-key').textContent()) ?? '';
  await ada.getByRole('button', { name: 'I have copied it' }).click();

  const display = await newBrowser(browser, stack.url);
  await display.goto('/stores');
  await display.getByRole('button', { name: 'Use an API key instead' }).click();
  await display.getByLabel('API key').fill(key);
  await display.getByRole('button', { name: 'Open the console' }).click();
  await expect(display.getByRole('link', { name: 'Help center' })).toBeVisible();
  await expect(display.getByRole('button', { name: 'New store' })).toBeDisabled();
  await display.getByRole('button', { name: /^Account: .*Wall display/ }).click();
  await display.getByRole('menuitem', { name: 'Remove this key' }).click();
  await expect(display.getByRole('heading', { name: 'Sign in to Espejo', level: 1 })).toBeVisible();
  await display.context().close();
});

test('failed sign-in attempts are delayed in an unrecognised browser, but not in a known one', async ({
  browser,
  stack,
}) => {
  const attacker = await newBrowser(browser, stack.url);
  await attacker.goto('/stores');
  const attempt = { email: ADA.email, password: 'not this one' };
  const answers: number[] = [];
  for (let at = 0; at < 15; at += 1) answers.push(await requestFromPage(attacker, 'POST', '/api/sign-in', attempt));
  expect(answers.at(-1)).toBe(429);
  await signIn(attacker, ADA);
  await expect(attacker.getByText('Too many attempts.')).toBeVisible();
  await expect(attacker.getByRole('button', { name: /^Try again in \d+ s$/ })).toBeDisabled();
  await attacker.context().close();

  await ada.getByRole('button', { name: 'Account: Ada Owner' }).click();
  await ada.getByRole('menuitem', { name: 'Sign out' }).click();
  await signIn(ada, ADA);
  await expect(ada.getByRole('heading', { name: 'Vector stores', level: 1 })).toBeVisible();
});

test('an invitation to a verified address is shown and takes effect only when the user accepts it', async () => {
  const inviteAda = async (name: string) => {
    expect(await requestFromPage(ada, 'POST', '/api/tenants', { name, ownerEmail: ADA.email })).toBe(201);
    await ada.goto('/stores');
  };
  const menu = ada.getByRole('button', { name: 'Account: Ada Owner' });
  const invitations = ada.getByRole('list', { name: 'Invitations' });
  await inviteAda('Umbrella');
  await menu.click();
  await expect(ada.getByRole('menuitemradio', { name: /^Umbrella/ })).toBeHidden();
  await ada.getByRole('menuitem', { name: 'An invitation to you' }).click();
  await expect(invitations).toContainText('You are invited to Umbrella as Owner by ada@example.com.');
  await expectAccessible(ada, 'an invitation on the page of the account');
  await invitations.getByRole('button', { name: 'Decline to join Umbrella' }).click();
  await expect(invitations).toBeHidden();
  await expect(menu).toContainText('Default');

  // A user without a tenant sees the invitation instead of the console; the real session is answered without tenants.
  await inviteAda('Hooli');
  await ada.route('**/api/session', async (route) => {
    const response = await route.fetch();
    const nowhere = { tenant: null, tenants: [], role: null, isOperator: false };
    await route.fulfill({ response, json: { ...(await response.json()), ...nowhere } });
  });
  await ada.goto('/stores');
  await expect(ada.getByRole('heading', { name: 'You are invited', level: 1 })).toBeVisible();
  await expectAccessible(ada, 'an invitation in place of the console');
  await ada.setViewportSize({ width: 390, height: 844 });
  await expectNarrow(ada, 'an invitation in place of the console');
  await ada.setViewportSize({ width: 1440, height: 900 });
  await ada.unroute('**/api/session');
  await ada.getByRole('button', { name: 'Join Hooli', exact: true }).click();
  await expect(menu).toContainText('Hooli');
  await menu.click();
  await ada.getByRole('menuitemradio', { name: /^Default/ }).click();
  await expect(menu).toContainText('Default');
});

test('the last owner cannot leave, and a removed member loses access immediately', async () => {
  await ada.goto('/people');
  await ada.getByRole('button', { name: 'Leave… Ada Owner' }).click();
  await expect(ada.getByRole('button', { name: 'Leave', exact: true })).toBeDisabled();
  await ada.getByLabel('Type “ada@example.com” to confirm').fill(ADA.email);
  await ada.getByRole('button', { name: 'Leave', exact: true }).click();
  await expect(ada.getByRole('alert').getByText('last_owner')).toBeVisible();
  await ada.getByRole('button', { name: 'Cancel' }).click();

  await ada.getByRole('button', { name: 'Remove… Vic Viewer' }).click();
  await ada.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(ada.getByRole('list', { name: 'People' }).getByText(VIC.email)).toBeHidden();
  expect(await requestFromPage(vic, 'GET', '/api/vector-stores')).toBe(401);
  await vic.context().close();
  await ada.context().close();
});
