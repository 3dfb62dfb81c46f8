import type { CreateInvitationBody, CreateTenantBody, Role } from '@espejo/contracts';
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** The members of this tenant. */
export const membersQuery = queryOptions({
  queryKey: ['people', 'members'],
  queryFn: ({ signal }) => api('listMembers', { signal }),
});

export function updateMember(id: string, role: Role) {
  return api('updateMember', { params: { id }, body: { role } });
}

export function removeMember(id: string) {
  return api('removeMember', { params: { id } });
}

/** Invitations that are not accepted yet. */
export const invitationsQuery = queryOptions({
  queryKey: ['people', 'invitations'],
  queryFn: ({ signal }) => api('listInvitations', { signal }),
});

export function createInvitation(body: CreateInvitationBody) {
  return api('createInvitation', { body });
}

export function revokeInvitation(id: string) {
  return api('revokeInvitation', { params: { id } });
}

/** The grants of a member: stores with a higher role. */
export const storeGrantsQuery = (memberId: string) =>
  queryOptions({
    queryKey: ['people', 'grants', memberId],
    queryFn: ({ signal }) => api('listStoreGrants', { params: { id: memberId }, signal }),
  });

export function putStoreGrant(memberId: string, storeId: string) {
  return api('putStoreGrant', { params: { id: memberId, storeId }, body: { role: 'editor' } });
}

export function removeStoreGrant(memberId: string, storeId: string) {
  return api('removeStoreGrant', { params: { id: memberId, storeId } });
}

/** Every tenant of this installation, for operators. */
export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: ({ signal }) => api('listTenants', { signal }),
});

export function createTenant(body: CreateTenantBody) {
  return api('createTenant', { body });
}
