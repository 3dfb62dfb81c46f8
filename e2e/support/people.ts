import { type Browser, expect, type Page } from '@playwright/test';

export interface TestUser {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** A new browser without cookies. */
export async function newBrowser(browser: Browser, baseURL: string): Promise<Page> {
  return (await browser.newContext({ baseURL })).newPage();
}

/** Creates the owner account on the page of the first visit. */
export async function createOwner(page: Page, owner: TestUser): Promise<void> {
  await page.goto('/stores');
  await expect(page.getByRole('heading', { name: 'Create the owner account', level: 1 })).toBeVisible();
  await page.getByLabel('Your name').fill(owner.name);
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Create the owner account' }).click();
  await expect(page.getByRole('heading', { name: 'Vector stores', level: 1 })).toBeVisible();
}

/** Invites a member on the people page; returns the link, which is shown once. */
export async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.goto('/people');
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByLabel('Role').click();
  await page.getByRole('option', { name: new RegExp(`^${role}`) }).click();
  await dialog.getByRole('button', { name: 'Create link' }).click();
  const link = (await page.getByTestId('invitation-link').textContent()) ?? '';
  await page.getByRole('button', { name: 'I have copied it' }).click();
  return link;
}

/** Opens the link in a new browser and creates the account of the user. */
export async function accept(browser: Browser, link: string, person: TestUser): Promise<Page> {
  const page = await newBrowser(browser, new URL(link).origin);
  await page.goto(link);
  await page.getByLabel('Your name').fill(person.name);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Create account and join' }).click();
  await expect(page.getByRole('heading', { name: 'Vector stores', level: 1 })).toBeVisible();
  return page;
}

/** Signs in on the sign-in screen. */
export async function signIn(page: Page, { email, password }: TestUser): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The status of a request from the page, with its cookies and origin. */
export async function requestFromPage(page: Page, method: string, path: string, body?: unknown): Promise<number> {
  return page.evaluate(
    async ([verb, url, json]) => {
      const headers = json === undefined ? {} : { 'content-type': 'application/json' };
      return (await fetch(url ?? '', { method: verb ?? '', headers, ...(json && { body: json }) })).status;
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)],
  );
}
