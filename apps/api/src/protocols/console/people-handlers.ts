import { createTenant } from '../../services/accounts/create-tenant.ts';
import { createInvitation } from '../../services/accounts/invitations/create-invitation.ts';
import { listInvitations } from '../../services/accounts/invitations/list-invitations.ts';
import { revokeInvitation } from '../../services/accounts/invitations/revoke-invitation.ts';
import { listTenants } from '../../services/accounts/list-tenants.ts';
import { listMembers } from '../../services/accounts/members/list-members.ts';
import { listStoreGrants } from '../../services/accounts/members/list-store-grants.ts';
import { putStoreGrant } from '../../services/accounts/members/put-store-grant.ts';
import { removeMember } from '../../services/accounts/members/remove-member.ts';
import { removeStoreGrant } from '../../services/accounts/members/remove-store-grant.ts';
import { updateMember } from '../../services/accounts/members/update-member.ts';
import type { Services } from '../../services/services.ts';
import type { ConsoleHandlers } from './handler-types.ts';

type PeopleOperation =
  | 'listMembers'
  | 'updateMember'
  | 'removeMember'
  | 'listStoreGrants'
  | 'putStoreGrant'
  | 'removeStoreGrant'
  | 'listInvitations'
  | 'createInvitation'
  | 'revokeInvitation'
  | 'listTenants'
  | 'createTenant';

/** Handlers of members and tenants. */
export function createPeopleHandlers(services: Services): Pick<ConsoleHandlers, PeopleOperation> {
  return {
    listMembers: ({ tenantId, visit }) => listMembers(services, { tenantId, session: visit.visitor.session }),
    updateMember: ({ by, principal, params, body, visit }) =>
      updateMember(services, { by, maker: principal, id: params.id, role: body.role, session: visit.visitor.session }),
    removeMember: async ({ by, params }) => {
      await removeMember(services, { by, id: params.id });
      return null;
    },
    listStoreGrants: ({ tenantId, params }) => listStoreGrants(services, { tenantId, memberId: params.id }),
    putStoreGrant: ({ by, principal, params, body }) =>
      putStoreGrant(services, { by, maker: principal, memberId: params.id, storeId: params.storeId, role: body.role }),
    removeStoreGrant: async ({ by, params }) => {
      await removeStoreGrant(services, { by, memberId: params.id, storeId: params.storeId });
      return null;
    },
    listInvitations: ({ tenantId }) => listInvitations(services, { tenantId }),
    createInvitation: ({ by, principal, body }) => createInvitation(services, { by, maker: principal, ...body }),
    revokeInvitation: async ({ by, params }) => {
      await revokeInvitation(services, { by, id: params.id });
      return null;
    },
    listTenants: () => listTenants(services),
    createTenant: ({ by, visit: { visitor }, body: { name, ownerEmail } }) =>
      createTenant(services, { by, session: visitor.session, name, ownerEmail }),
  };
}
