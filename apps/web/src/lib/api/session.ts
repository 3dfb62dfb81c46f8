import type { AcceptInvitationBody, CurrentSession, SetupBody, SignInBody } from '@espejo/contracts';
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import { forgetKey } from './console-key.ts';

/** The current session. Loaded again whenever the API rejects a request for its session or role. */
export const sessionQuery = queryOptions<CurrentSession>({
  queryKey: ['session'],
  queryFn: ({ signal }) => api('getSession', { signal }),
  staleTime: 60_000,
});

/** The scopes of a key, which a session does not contain. */
export const whoAmIQuery = queryOptions({
  queryKey: ['who-am-i'],
  queryFn: ({ signal }) => api('getWhoAmI', { signal }),
  staleTime: 60_000,
});

export function setUpOwner(body: SetupBody) {
  return api('setUpOwner', { body });
}

export function signIn(body: SignInBody) {
  return api('signIn', { body });
}

export function switchTenant(tenantId: string) {
  return api('switchTenant', { body: { tenantId } });
}

/**
 * Ends the session, also that of a key in a cookie, and loads a new page, so that no data of it stays in memory.
 * Throws ApiError.
 */
export async function signOut(to = '/sign-in'): Promise<void> {
  await Promise.all([api('signOut', {}), forgetKey()]);
  window.location.assign(to);
  // A change of only the fragment loads no page.
  if (to.includes('#')) window.location.reload();
}

/** The preview of an invitation. The token is sent in the body, because URLs are logged. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => api('getInvitation', { body: { token }, signal }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

export function acceptInvitation(body: AcceptInvitationBody) {
  return api('acceptInvitation', { body });
}

/** Accepts an invitation and switches to its tenant. */
export function acceptOwnInvitation(id: string) {
  return api('acceptOwnInvitation', { params: { id } });
}

export function declineOwnInvitation(id: string) {
  return api('declineOwnInvitation', { params: { id } });
}
