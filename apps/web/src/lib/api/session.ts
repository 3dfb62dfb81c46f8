import type { AcceptInvitationBody, CurrentSession, SetupBody, SignInBody } from '@espejo/contracts';
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import { forgetKey } from './console-key.ts';

/** Who is at this console. Read anew whenever the API answers that it does not know, or does not allow. */
export const sessionQuery = queryOptions<CurrentSession>({
  queryKey: ['session'],
  queryFn: ({ signal }) => api('getSession', { signal }),
  staleTime: 60_000,
});

/** What a key is held to, which a session does not say. */
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
 * Ends the session, also one that is a key in a cookie, and loads a page anew, so that nothing of it stays in memory.
 * Throws ApiError.
 */
export async function signOut(to = '/sign-in'): Promise<void> {
  await Promise.all([api('signOut', {}), forgetKey()]);
  window.location.assign(to);
  // Another fragment alone loads nothing.
  if (to.includes('#')) window.location.reload();
}

/** What an invitation is to. The token goes in a body: an address is written into logs. */
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

/** Joins a tenant that one is invited to, and goes on there. */
export function acceptOwnInvitation(id: string) {
  return api('acceptOwnInvitation', { params: { id } });
}

export function declineOwnInvitation(id: string) {
  return api('declineOwnInvitation', { params: { id } });
}
