import type { AccountContext, Browser } from '../account-context.ts';
import type { OidcClient } from './oidc-client.ts';

/** Every path of the sign-in through an issuer is below this one. */
const AUTH_PATH = '/api/auth';
/** Redirects the browser to the issuer. */
export const OIDC_START_PATH = `${AUTH_PATH}/sign-in/oidc`;
/** The callback path, as registered at the issuer. */
export const OIDC_CALLBACK_PATH = `${AUTH_PATH}/oauth2/callback/oidc`;

/**
 * The first step of a sign-in through the issuer: returns where to redirect the browser and the values that bind its
 * answer. Throws `oidc_unavailable`.
 */
export async function startOidcSignIn(
  { clock, accounts }: Pick<AccountContext, 'clock' | 'accounts'>,
  { issuer, browser }: { readonly issuer: OidcClient; readonly browser: Browser },
): Promise<{ readonly url: string; readonly cookies: readonly string[] }> {
  const { flow, cookie } = accounts.cookies.startFlow({ nowMs: clock.nowMs(), isSecure: browser.isSecure });
  const redirectUri = new URL(OIDC_CALLBACK_PATH, accounts.publicUrl).href;
  const url = await issuer.start({ ...flow, redirectUri });
  return { url: url.href, cookies: [cookie] };
}
