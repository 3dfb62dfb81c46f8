import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectNarrow } from '../support/axe.ts';
import { journey } from '../support/journey.ts';
import { accept, askFromPage, createOwner, invite, newBrowser, type Somebody, signIn } from '../support/people.ts';

const test = journey({ isFirstVisit: true });
test.describe.configure({ mode: 'serial' });

const ADA: Somebody = { name: 'Ada Owner', email: 'ada@example.com', password: 'lamp harbour ship' };
const VIC: Somebody = { name: 'Vic Viewer', email: 'vic@example.com', password: 'storm bread kitchen' };

/** Their browsers go on from test to test. */
let ada: Page;
let vic: Page;

test('two people, to begin with', async ({ browser, stack }) => {
  ada = await newBrowser(browser, stack.url);
  await createOwner(ada, ADA);
  vic = await accept(browser, await invite(ada, VIC.email, 'Viewer'), VIC);
  await expect(vic.getByRole('button', { name: 'New store' })).toBeDisabled();
});

test('whoever is signed in goes on to a page of the console, whatever the link says', async ({ stack }) => {
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

test('somebody’s own account: a new password, and the other sessions end', async ({ browser, stack }) => {
  const other = await newBrowser(browser, stack.url);
  await other.goto('/stores');
  await signIn(other, VIC);
  await expect(other.getByRole('heading', { name: 'Vector stores', level: 1 })).toBeVisible();

  await vic.getByRole('button', { name: 'Account: Vic Viewer' }).click();
  await vic.getByRole('menuitem', { name: 'Your account' }).click();
  const sessions = vic.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
  await expect(sessions.filter({ hasText: 'This one' })).toHaveCount(1);
  await vic.getByLabel('Present password').fill('not this one');
  await vic.getByLabel('New password').fill('a quite new password');
  await vic.getByRole('button', { name: 'Change password' }).click();
  await expect(vic.getByText('This is not your present password.')).toBeVisible();
  await vic.getByLabel('Present password').fill(VIC.password);
  await vic.getByRole('button', { name: 'Change password' }).click();
  await expect(vic.getByText('Password changed')).toBeVisible();
  await expect(sessions).toHaveCount(1);
  expect(await askFromPage(other, 'GET', '/api/vector-stores')).toBe(401);
  await other.context().close();
});

test('a tenant of its own: made by the operator, owned by whoever is invited, and empty', async ({ browser }) => {
  await ada.getByRole('button', { name: 'Account: Ada Owner' }).click();
  await ada.getByRole('menuitem', { name: 'Tenants' }).click();
  await ada.getByRole('button', { name: 'New tenant' }).click();
  await ada.getByRole('dialog').getByLabel('Name of the tenant').fill('Globex');
  await ada.getByRole('dialog').getByLabel('E-mail of its first owner').fill('gus@example.com');
  await ada.getByRole('button', { name: 'Make tenant and link' }).click();
  const link = (await ada.getByTestId('invitation-link').textContent()) ?? '';
  await ada.getByRole('button', { name: 'I have copied it' }).click();
  await expect(ada.getByRole('list', { name: 'Tenants' }).getByText('Globex')).toBeVisible();

  const gus = await accept(browser, link, { name: 'Gus', email: 'gus@example.com', password: 'third set of words' });
  await expect(gus.getByRole('button', { name: 'Account: Gus' })).toContainText('Globex');
  await expect(gus.getByText('Nothing is connected')).toBeVisible();
  await gus.context().close();
});

test('somebody in two tenants joins with the account they have, and changes over', async ({ stack }) => {
  await ada.goto('/tenants');
  await ada.getByRole('button', { name: 'New tenant' }).click();
  await ada.getByRole('dialog').getByLabel('Name of the tenant').fill('Initech');
  await ada.getByRole('dialog').getByLabel('E-mail of its first owner').fill(ADA.email);
  await ada.getByRole('button', { name: 'Make tenant and link' }).click();
  const link = (await ada.getByTestId('invitation-link').textContent()) ?? '';

  // The link is for Ada, so Vic is told so, and Ada is asked for nothing but a click.
  await vic.goto(link);
  await expect(vic.getByText('for whom this invitation is not')).toBeVisible();
  await ada.goto(link);
  await ada.getByRole('button', { name: 'Join as Ada Owner' }).click();
  const menu = ada.getByRole('button', { name: 'Account: Ada Owner' });
  await expect(menu).toContainText('Initech');
  await expect(ada.getByText('Nothing is connected')).toBeVisible();

  await menu.click();
  await ada.getByRole('menuitemradio', { name: /^Default/ }).click();
  await expect(menu).toContainText('Default');
  await expect(ada.getByRole('link', { name: 'Help center' })).toBeVisible();
  expect(new URL(ada.url()).origin).toBe(stack.url);
});

test('nothing serious on the pages of people, light and dark, and nothing scrolls sideways', async ({
  browser,
  stack,
}) => {
  const link = await invite(ada, 'eve@example.com', 'Editor');
  const stranger = await newBrowser(browser, stack.url);
  const visits: readonly (readonly [page: Page, path: string, heading: string])[] = [
    [stranger, '/stores', 'Sign in to Espejo'],
    [stranger, '/sign-in?error=not_invited', 'Sign in to Espejo'],
    [stranger, link, 'Join Default'],
    [ada, '/people', 'People'],
    [ada, '/account', 'Your account'],
    [ada, '/tenants', 'Tenants'],
    [ada, '/audit', 'Audit'],
    [vic, '/settings', 'Settings'],
    [vic, '/people', 'People are for admins'],
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
  await stranger.context().close();
});

test('every page of it has the policy that lets only our own scripts run', async ({ request, stack }) => {
  for (const path of ['/stores', '/setup', '/sign-in', '/join', '/people', '/apiary']) {
    const { 'content-security-policy': policy, ...headers } = (await request.get(stack.url + path)).headers();
    expect(policy, path).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';.*frame-ancestors 'none'/);
    expect(headers, path).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
  }
});

test('a key opens the console as far as it goes', async ({ browser, stack }) => {
  await ada.goto('/settings');
  await ada.getByRole('button', { name: 'New key' }).click();
  await ada.getByRole('dialog').getByLabel('Name').fill('Wall display');
  await ada.getByRole('dialog').getByRole('button', { name: 'Make key' }).click();
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
  await display.getByRole('menuitem', { name: 'Forget this key' }).click();
  await expect(display.getByRole('heading', { name: 'Sign in to Espejo', level: 1 })).toBeVisible();
  await display.context().close();
});

test('guesses have to wait; a browser that was here before does not', async ({ browser, stack }) => {
  const guesser = await newBrowser(browser, stack.url);
  await guesser.goto('/stores');
  const guess = { email: ADA.email, password: 'not this one' };
  const answers: number[] = [];
  for (let at = 0; at < 15; at += 1) answers.push(await askFromPage(guesser, 'POST', '/api/sign-in', guess));
  expect(answers.at(-1)).toBe(429);
  await signIn(guesser, ADA);
  await expect(guesser.getByText('Too many attempts.')).toBeVisible();
  await expect(guesser.getByRole('button', { name: /^Try again in \d+ s$/ })).toBeDisabled();
  await guesser.context().close();

  await ada.getByRole('button', { name: 'Account: Ada Owner' }).click();
  await ada.getByRole('menuitem', { name: 'Sign out' }).click();
  await signIn(ada, ADA);
  await expect(ada.getByRole('heading', { name: 'Vector stores', level: 1 })).toBeVisible();
});

test('an invitation to a verified address is shown, and joins nobody who does not say so', async () => {
  const inviteAda = async (name: string) => {
    expect(await askFromPage(ada, 'POST', '/api/tenants', { name, ownerEmail: ADA.email })).toBe(201);
    await ada.goto('/stores');
  };
  const menu = ada.getByRole('button', { name: 'Account: Ada Owner' });
  const asked = ada.getByRole('list', { name: 'Invitations' });
  await inviteAda('Umbrella');
  await menu.click();
  await expect(ada.getByRole('menuitemradio', { name: /^Umbrella/ })).toBeHidden();
  await ada.getByRole('menuitem', { name: 'An invitation to you' }).click();
  await expect(asked).toContainText('You are invited to Umbrella as Owner by ada@example.com.');
  await expectAccessible(ada, 'an invitation on the page of the account');
  await asked.getByRole('button', { name: 'Decline to join Umbrella' }).click();
  await expect(asked).toBeHidden();
  await expect(menu).toContainText('Default');

  // Whoever is in no tenant is asked in place of the console; the session is the real one but for its tenants.
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

test('the last owner cannot go; whoever is removed is out at once', async () => {
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
  expect(await askFromPage(vic, 'GET', '/api/vector-stores')).toBe(401);
  await vic.context().close();
  await ada.context().close();
});
