import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from '../../services/api-keys/manage-api-keys.ts';
import type { Services } from '../../wire.ts';
import type { ConsoleHandlers } from './handlers.ts';

type ApiKeyOperation = 'getWhoAmI' | 'listApiKeys' | 'createApiKey' | 'rotateApiKey' | 'revokeApiKey';

/** The handlers of keys, and of who asks. */
export function createApiKeyHandlers(services: Services): Pick<ConsoleHandlers, ApiKeyOperation> {
  return {
    getWhoAmI: async ({ actor, role }) => ({ actor, role }),
    listApiKeys: ({ tenantId }) => listApiKeys(services, { tenantId }),
    createApiKey: ({ tenantId, actor, body }) => createApiKey(services, { tenantId, actor, body }),
    rotateApiKey: ({ tenantId, actor, params, body }) =>
      rotateApiKey(services, { tenantId, actor, id: params.id, overlapHours: body.overlapHours }),
    revokeApiKey: async ({ tenantId, actor, params }) => {
      await revokeApiKey(services, { tenantId, actor, id: params.id });
      return null;
    },
  };
}
