import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** The sessions of the signed-in user. */
export const accountSessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: ({ signal }) => api('listAccountSessions', { signal }),
});

export function endAccountSession(id: string) {
  return api('endAccountSession', { params: { id } });
}

export function updateAccount(name: string) {
  return api('updateAccount', { body: { name } });
}

export function changePassword(current: string, next: string) {
  return api('changePassword', { body: { current, next } });
}
