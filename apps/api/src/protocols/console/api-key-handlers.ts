import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from '../../services/api-keys/manage-api-keys.ts';
import type { Services } from '../../services/services.ts';
import type { ConsoleHandlers } from './handler-types.ts';

type ApiKeyOperation = 'getWhoAmI' | 'listApiKeys' | 'createApiKey' | 'rotateApiKey' | 'revokeApiKey';

/** Handlers of API keys, and of the current principal. */
export function createApiKeyHandlers(services: Services): Pick<ConsoleHandlers, ApiKeyOperation> {
  return {
    getWhoAmI: async ({ principal: { actor, role, actions, storeIds } }) => ({ actor, role, actions, storeIds }),
    listApiKeys: ({ tenantId }) => listApiKeys(services, { tenantId }),
    createApiKey: ({ by, principal, body }) => createApiKey(services, { by, maker: principal, body }),
    rotateApiKey: ({ by, principal, params, body }) =>
      rotateApiKey(services, { by, maker: principal, id: params.id, overlapHours: body.overlapHours }),
    revokeApiKey: async ({ by, params }) => {
      await revokeApiKey(services, { by, id: params.id });
      return null;
    },
  };
}
