import { beforeEach, describe, expect, it } from 'vitest';
import { type Answer, createBrowser, invite, PASSWORD, setUp, type TestBrowser } from '../../../testing/browser.ts';
import { type ApiHarness, createApiHarness } from '../../../testing/whole-api-harness.ts';

const ATTEMPTS = 1_000;
const MINUTE_MS = 60_000;
let api: ApiHarness;
let ana: TestBrowser;
beforeEach(async () => {
  api = await createApiHarness(1_800_000_000_000);
  ana = await setUp(api);
});

const signIn = (browser: TestBrowser, password: string, email = 'ana@example.com') =>
  browser.send('POST', '/api/sign-in', { email, password });

function countBy(answers: readonly Answer[]): Record<string, number> {
  const groups = Object.groupBy(answers, ({ code }) => code ?? 'in');
  return Object.fromEntries(Object.entries(groups).map(([code, group]) => [code, group?.length ?? 0]));
}

describe('a thousand failed sign-in attempts', () => {
  it('are cut to ten from one address; the owner’s devices go on, and a new device of hers waits a minute at most', async () => {
    const attacker = createBrowser(api, '203.0.113.9');
    const answers: Answer[] = [];
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) answers.push(await signIn(attacker, `attempt ${attempt}`));
    expect(countBy(answers)).toEqual({ credentials_invalid: 10, sign_in_throttled: ATTEMPTS - 10 });
    expect(answers.at(-1)?.headers['retry-after']).toBe('60');

    // A right password can no longer be told from a wrong one from outside.
    expect((await signIn(attacker, PASSWORD)).code).toBe('sign_in_throttled');
    expect((await ana.send('GET', '/api/status')).status).toBe(200);
    const known = ana.copy();
    await known.send('POST', '/api/sign-out');
    expect((await signIn(known, PASSWORD)).status).toBe(200);

    const elsewhere = createBrowser(api, '198.51.100.7');
    const refused = await signIn(elsewhere, PASSWORD);
    expect(refused).toMatchObject({ status: 429, code: 'sign_in_throttled' });
    const waitS = Number(refused.headers['retry-after']);
    expect(waitS).toBeLessThanOrEqual(60);
    api.clock.advance(waitS * 1000);
    await signIn(attacker, 'one more');
    expect((await signIn(elsewhere, PASSWORD)).status).toBe(200);

    const failures = api.audit().filter(({ action }) => action === 'session.refused');
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.length).toBeLessThan(20);
  });

  it('are cut to ten from as many addresses, and the owner’s device is recognised from any address', async () => {
    const answers: Answer[] = [];
    for (let attempt = 0; attempt < ATTEMPTS / 5; attempt += 1) {
      answers.push(await signIn(createBrowser(api, `10.1.${attempt >> 8}.${attempt & 255}`), `attempt ${attempt}`));
    }
    expect(countBy(answers)).toEqual({ credentials_invalid: 10, sign_in_throttled: ATTEMPTS / 5 - 10 });
    const known = createBrowser(api, '198.51.100.7', ana.cookies);
    await known.send('POST', '/api/sign-out');
    expect((await signIn(known, PASSWORD)).status).toBe(200);
  });

  it('count as unrecognised when the device is known for another account only', async () => {
    const bob = await invite(api, ana, { email: 'bob@example.com', role: 'viewer', address: '203.0.113.9' });
    const answers: Answer[] = [];
    for (let attempt = 0; attempt < 20; attempt += 1) answers.push(await signIn(bob, `attempt ${attempt}`));
    expect(countBy(answers)).toEqual({ credentials_invalid: 10, sign_in_throttled: 10 });
    expect((await signIn(bob, PASSWORD, 'bob@example.com')).status).toBe(200);
  });
});

it('sign-in gives the same answer for a wrong password and for an account that does not exist', async () => {
  const strip = ({ status, body, headers }: Answer) => {
    const { 'x-request-id': _, date: __, ...rest } = headers;
    return { status, headers: rest, body: JSON.stringify(body).replace(/"requestId":"[^"]+"/, '') };
  };
  const stranger = createBrowser(api, '203.0.113.9');
  const wrong = await signIn(stranger, 'wrong');
  const nobody = await signIn(stranger, 'wrong', 'nobody@example.com');
  expect(wrong).toMatchObject({ status: 401, code: 'credentials_invalid' });
  expect(strip(nobody)).toEqual(strip(wrong));
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await signIn(createBrowser(api, `10.0.0.${attempt}`), 'wrong');
    await signIn(createBrowser(api, `10.0.1.${attempt}`), 'wrong', 'nobody@example.com');
  }
  const late = (email: string) => signIn(createBrowser(api, '10.0.2.1'), 'wrong', email);
  expect(strip(await late('nobody@example.com'))).toEqual(strip(await late('ana@example.com')));
});

it('the audit does not contain the typed name of an unknown account', async () => {
  await signIn(createBrowser(api), 'x', 'my-password@example.com');
  expect(api.audit().at(-1)).toEqual({ action: 'session.refused', subject: 'unknown', actor: 'unknown' });
});

it('failed attempts from the addresses of one IPv6 network are counted together', async () => {
  const answers: Answer[] = [];
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const browser = createBrowser(api, `2001:db8:1:2::${attempt.toString(16)}`);
    answers.push(await signIn(browser, 'wrong', `account${attempt}@example.com`));
  }
  expect(countBy(answers)).toEqual({ credentials_invalid: 10, sign_in_throttled: 10 });
  api.clock.advance(10 * MINUTE_MS);
  expect((await signIn(createBrowser(api, '2001:db8:1:2::ffff'), PASSWORD)).status).toBe(200);
});

it('cookies are HttpOnly, SameSite and, under a public name, Secure', async () => {
  const flags = async (env: Record<string, string>) => {
    const fresh = await createApiHarness(1_800_000_000_000, env);
    const { headers } = await createBrowser(fresh).send(
      'POST',
      '/api/setup',
      { name: 'Ana', email: 'ana@example.com', password: PASSWORD },
      env.ESPEJO_API_KEY === undefined ? {} : { authorization: `Bearer ${env.ESPEJO_API_KEY}` },
    );
    return [headers['set-cookie']].flat().map((cookie) => String(cookie).replace(/=[^;]*/, ''));
  };
  const expected = (end: string) => [
    `espejo_session; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax${end}`,
    `espejo_device; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax${end}`,
    `espejo_key; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${end}`,
  ];
  expect(await flags({})).toEqual(expected(''));
  const reached = { ESPEJO_PUBLIC_HOST: 'espejo.example', ESPEJO_API_KEY: 'the-automation-key' };
  expect(await flags(reached)).toEqual(expected('; Secure'));
});
