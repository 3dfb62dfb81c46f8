import { createInvitation } from '../../services/accounts/create-invitation.ts';
import { createTenant } from '../../services/accounts/create-tenant.ts';
import { listInvitations } from '../../services/accounts/list-invitations.ts';
import { listMembers } from '../../services/accounts/list-members.ts';
import { listStoreGrants } from '../../services/accounts/list-store-grants.ts';
import { listTenants } from '../../services/accounts/list-tenants.ts';
import { putStoreGrant } from '../../services/accounts/put-store-grant.ts';
import { removeMember } from '../../services/accounts/remove-member.ts';
import { removeStoreGrant } from '../../services/accounts/remove-store-grant.ts';
import { revokeInvitation } from '../../services/accounts/revoke-invitation.ts';
import { updateMember } from '../../services/accounts/update-member.ts';
import type { Services } from '../../wire.ts';
import type { ConsoleHandlers } from './handlers.ts';

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

/** The handlers of people and tenants. */
export function createPeopleHandlers(services: Services): Pick<ConsoleHandlers, PeopleOperation> {
  return {
    listMembers: ({ tenantId, visit }) => listMembers(services, { tenantId, session: visit.visitor.session }),
    updateMember: ({ by, params, body, visit }) =>
      updateMember(services, { by, id: params.id, role: body.role, session: visit.visitor.session }),
    removeMember: async ({ by, params }) => {
      await removeMember(services, { by, id: params.id });
      return null;
    },
    listStoreGrants: ({ tenantId, params }) => listStoreGrants(services, { tenantId, memberId: params.id }),
    putStoreGrant: ({ by, params, body }) =>
      putStoreGrant(services, { by, memberId: params.id, storeId: params.storeId, role: body.role }),
    removeStoreGrant: async ({ by, params }) => {
      await removeStoreGrant(services, { by, memberId: params.id, storeId: params.storeId });
      return null;
    },
    listInvitations: ({ tenantId }) => listInvitations(services, { tenantId }),
    createInvitation: ({ by, body }) => createInvitation(services, { by, ...body }),
    revokeInvitation: async ({ by, params }) => {
      await revokeInvitation(services, { by, id: params.id });
      return null;
    },
    listTenants: ({ visit: { visitor } }) => listTenants(services, { operator: visitor }),
    createTenant: ({ by, visit: { visitor }, body: { name, ownerEmail } }) =>
      createTenant(services, { by, operator: visitor, name, ownerEmail }),
  };
}
