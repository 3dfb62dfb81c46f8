import type { AccountContext, Browser } from '../account-context.ts';
import type { OidcClient } from './oidc-client.ts';

/** Below it stands what signs in through an issuer. */
const AUTH_PATH = '/api/auth';
/** Where the browser goes to sign in so. */
export const OIDC_START_PATH = `${AUTH_PATH}/sign-in/oidc`;
/** Where the issuer sends it back to; registered there. */
export const OIDC_CALLBACK_PATH = `${AUTH_PATH}/oauth2/callback/oidc`;

/** The first step of a sign-in through the issuer: where the browser goes, and what it brings back. Throws `oidc_unavailable`. */
export async function startOidcSignIn(
  { clock, accounts }: Pick<AccountContext, 'clock' | 'accounts'>,
  { issuer, browser }: { readonly issuer: OidcClient; readonly browser: Browser },
): Promise<{ readonly url: string; readonly cookies: readonly string[] }> {
  const { flow, cookie } = accounts.cookies.startFlow({ nowMs: clock.nowMs(), isSecure: browser.isSecure });
  const redirectUri = new URL(OIDC_CALLBACK_PATH, accounts.publicUrl).href;
  const url = await issuer.start({ ...flow, redirectUri });
  return { url: url.href, cookies: [cookie] };
}
