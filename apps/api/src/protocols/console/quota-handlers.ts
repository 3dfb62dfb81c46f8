import { ensureDefaultStore, getDefaultStore, putDefaultStore } from '../../services/default-store/default-store.ts';
import { getUsage } from '../../services/limits/get-usage.ts';
import { createPlan, deletePlan, listPlans, updatePlan } from '../../services/limits/manage-plans.ts';
import { getTenantPlan, putTenantPlan } from '../../services/limits/tenant-plan.ts';
import type { Services } from '../../services/services.ts';
import { describeVectorStore } from '../../services/vector-stores/get-vector-store.ts';
import type { ConsoleHandlers } from './handler-types.ts';

type QuotaOperation =
  | 'getUsage'
  | 'listPlans'
  | 'createPlan'
  | 'updatePlan'
  | 'deletePlan'
  | 'getTenantPlan'
  | 'putTenantPlan'
  | 'getDefaultStore'
  | 'ensureDefaultStore'
  | 'putDefaultStore';

/** Handlers of plans, of usage, and of the default store. */
export function createQuotaHandlers(services: Services): Pick<ConsoleHandlers, QuotaOperation> {
  return {
    getUsage: ({ tenantId }) => getUsage(services, { tenantId }),
    listPlans: () => listPlans(services),
    createPlan: ({ by, body }) => createPlan(services, { by, body }),
    updatePlan: ({ by, params, body }) => updatePlan(services, { by, id: params.id, body }),
    deletePlan: async ({ by, params }) => {
      await deletePlan(services, { by, id: params.id });
      return null;
    },
    getTenantPlan: ({ params }) => getTenantPlan(services, { tenantId: params.id }),
    putTenantPlan: ({ by, params, body }) => putTenantPlan(services, { by, tenantId: params.id, body }),
    getDefaultStore: ({ tenantId }) => getDefaultStore(services, { tenantId }),
    ensureDefaultStore: async ({ by }) => describeVectorStore(services, await ensureDefaultStore(services, { by })),
    putDefaultStore: ({ by, body }) => putDefaultStore(services, { by, storeId: body.storeId }),
  };
}
