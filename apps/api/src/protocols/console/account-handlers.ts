import { changePassword } from '../../services/accounts/change-password.ts';
import { acceptInvitation } from '../../services/accounts/invitations/accept-invitation.ts';
import { getInvitation } from '../../services/accounts/invitations/get-invitation.ts';
import { acceptOwnInvitation, declineOwnInvitation } from '../../services/accounts/invitations/own-invitations.ts';
import { endAccountSession, listAccountSessions } from '../../services/accounts/session/account-sessions.ts';
import { findUserSession, identityOf, type UserSession } from '../../services/accounts/session/find-user-session.ts';
import { getCurrentSession } from '../../services/accounts/session/get-current-session.ts';
import type { OpenedSession } from '../../services/accounts/session/open-session.ts';
import { signIn } from '../../services/accounts/session/sign-in.ts';
import { signOut } from '../../services/accounts/session/sign-out.ts';
import { switchTenant } from '../../services/accounts/session/switch-tenant.ts';
import { setUpOwner } from '../../services/accounts/set-up-owner.ts';
import { updateAccount } from '../../services/accounts/update-account.ts';
import type { Services } from '../../services/services.ts';
import type { ConsoleHandlers } from './handler-types.ts';

import type { RequestContext } from './request-context.ts';

type AccountOperation =
  | 'getSession'
  | 'setUpOwner'
  | 'signIn'
  | 'signOut'
  | 'switchTenant'
  | 'getInvitation'
  | 'acceptInvitation'
  | 'acceptOwnInvitation'
  | 'declineOwnInvitation'
  | 'updateAccount'
  | 'changePassword'
  | 'listAccountSessions'
  | 'endAccountSession';

/** Handlers of signing in, and of the user's own account. */
export function createAccountHandlers(services: Services): Pick<ConsoleHandlers, AccountOperation> {
  /** Sets the session cookies, and returns the session. */
  async function welcome(visit: RequestContext, opened: OpenedSession) {
    visit.setCookies(opened.cookies);
    const cookies = opened.cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ') || visit.visitor.browser.cookies;
    const session = (await findUserSession(services, cookies)) ?? null;
    const identity = session && identityOf(session);
    return getCurrentSession(services, { session, identity, isAutomation: false, isFirstVisit: false });
  }

  return {
    getSession: ({ visit: { visitor } }) => getCurrentSession(services, visitor),
    setUpOwner: async ({ by, visit, body }) =>
      welcome(visit, await setUpOwner(services, { by, browser: visit.visitor.browser, ...body })),
    signIn: async ({ visit, body }) =>
      welcome(visit, await signIn(services, { browser: visit.visitor.browser, ...body })),
    signOut: async ({ visit }) => {
      const { session, browser } = visit.visitor;
      visit.setCookies((await signOut(services, { session, browser })).cookies);
      return null;
    },
    switchTenant: async ({ visit, body }) => {
      const { browser } = visit.visitor;
      await switchTenant(services, { session: sessionOf(visit), tenantId: body.tenantId, browser });
      return welcome(visit, { cookies: [] });
    },
    getInvitation: ({ body }) => getInvitation(services, body),
    acceptInvitation: async ({ visit, body: { token, name, password } }) => {
      const { session, browser } = visit.visitor;
      return welcome(visit, await acceptInvitation(services, { token, name, password, session, browser }));
    },
    acceptOwnInvitation: async ({ visit, params }) => {
      const { browser } = visit.visitor;
      await acceptOwnInvitation(services, { session: sessionOf(visit), id: params.id, browser });
      return welcome(visit, { cookies: [] });
    },
    declineOwnInvitation: async ({ visit, params }) => {
      const { browser } = visit.visitor;
      await declineOwnInvitation(services, { session: sessionOf(visit), id: params.id, browser });
      return null;
    },
    updateAccount: ({ visit, body }) =>
      updateAccount(services, { session: sessionOf(visit), name: body.name, browser: visit.visitor.browser }),
    changePassword: async ({ visit, body }) => {
      const { browser } = visit.visitor;
      visit.setCookies((await changePassword(services, { session: sessionOf(visit), browser, ...body })).cookies);
      return null;
    },
    listAccountSessions: async ({ visit }) => listAccountSessions(services, { session: sessionOf(visit) }),
    endAccountSession: async ({ visit, params }) => {
      const { browser } = visit.visitor;
      await endAccountSession(services, { session: sessionOf(visit), id: params.id, browser });
      return null;
    },
  };
}

/** For a route that needs a session. */
function sessionOf({ visitor }: RequestContext): UserSession {
  if (visitor.session === null) throw new TypeError('This route needs a session.');
  return visitor.session;
}
