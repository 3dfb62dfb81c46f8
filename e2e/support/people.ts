import { type Browser, expect, type Page } from '@playwright/test';

export interface Somebody {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** A browser that was never here. */
export async function newBrowser(browser: Browser, baseURL: string): Promise<Page> {
  return (await browser.newContext({ baseURL })).newPage();
}

/** Makes the first account on the page that a first visit shows. */
export async function createOwner(page: Page, owner: Somebody): Promise<void> {
  await page.goto('/stores');
  await expect(page.getByRole('heading', { name: 'Create the owner account', level: 1 })).toBeVisible();
  await page.getByLabel('Your name').fill(owner.name);
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Create the owner account' }).click();
  await expect(page.getByRole('heading', { name: 'Vector stores', level: 1 })).toBeVisible();
}

/** Invites somebody on the page of people; returns the link, which is shown once. */
export async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.goto('/people');
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByLabel('Role').click();
  await page.getByRole('option', { name: new RegExp(`^${role}`) }).click();
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = (await page.getByTestId('invitation-link').textContent()) ?? '';
  await page.getByRole('button', { name: 'I have copied it' }).click();
  return link;
}

/** Somebody new, in a browser of their own, opens the link and makes their account. */
export async function accept(browser: Browser, link: string, person: Somebody): Promise<Page> {
  const page = await newBrowser(browser, new URL(link).origin);
  await page.goto(link);
  await page.getByLabel('Your name').fill(person.name);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Create account and join' }).click();
  await expect(page.getByRole('heading', { name: 'Vector stores', level: 1 })).toBeVisible();
  return page;
}

/** Signs in where the console asks for it. */
export async function signIn(page: Page, { email, password }: Somebody): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** What the API answers to the page itself, with the cookies and the origin of whoever is at it. */
export async function askFromPage(page: Page, method: string, path: string, body?: unknown): Promise<number> {
  return page.evaluate(
    async ([verb, url, json]) => {
      const headers = json === undefined ? {} : { 'content-type': 'application/json' };
      return (await fetch(url ?? '', { method: verb ?? '', headers, ...(json && { body: json }) })).status;
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)],
  );
}
