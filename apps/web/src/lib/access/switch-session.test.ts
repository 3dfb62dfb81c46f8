import type { CurrentSession } from '@espejo/contracts';
import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { sessionQuery } from '#lib/api/session.ts';
import { switchSession } from './switch-session.ts';

const SIGNED_OUT: CurrentSession = {
  state: 'signed_out',
  hasAccounts: true,
  user: null,
  tenant: null,
  tenants: [],
  invitations: [],
  role: null,
  grants: [],
  actor: null,
  isOperator: false,
  signIn: { password: true, oidc: null },
};

it('keeps the new session when a request that was sent with the old cookie is answered later', async () => {
  const client = new QueryClient();
  const { promise, resolve } = Promise.withResolvers<CurrentSession>();
  const late = client.fetchQuery({ ...sessionQuery, queryFn: () => promise }).catch(() => undefined);
  const session: CurrentSession = { ...SIGNED_OUT, state: 'signed_in', role: 'viewer' };

  switchSession(client, session, null);
  resolve(SIGNED_OUT);
  await late;

  expect(client.getQueryData(sessionQuery.queryKey)).toEqual(session);
});
