import { ensureDefaultStore, getDefaultStore, putDefaultStore } from '../../services/default-store/default-store.ts';
import { getUsage } from '../../services/quotas/get-usage.ts';
import { createPlan, deletePlan, listPlans, updatePlan } from '../../services/quotas/manage-plans.ts';
import { getTenantPlan, putTenantPlan } from '../../services/quotas/tenant-plan.ts';
import type { Services } from '../../wire.ts';
import type { ConsoleHandlers } from './handlers.ts';

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

/** The handlers of plans, of what is used, and of the default store. */
export function createQuotaHandlers(services: Services): Pick<ConsoleHandlers, QuotaOperation> {
  return {
    getUsage: ({ tenantId }) => getUsage(services, { tenantId }),
    listPlans: ({ by }) => listPlans(services, { by }),
    createPlan: ({ by, body }) => createPlan(services, { by, body }),
    updatePlan: ({ by, params, body }) => updatePlan(services, { by, id: params.id, body }),
    deletePlan: async ({ by, params }) => {
      await deletePlan(services, { by, id: params.id });
      return null;
    },
    getTenantPlan: ({ by, params }) => getTenantPlan(services, { by, tenantId: params.id }),
    putTenantPlan: ({ by, params, body }) => putTenantPlan(services, { by, tenantId: params.id, body }),
    getDefaultStore: ({ tenantId }) => getDefaultStore(services, { tenantId }),
    ensureDefaultStore: ({ by }) => ensureDefaultStore(services, { by }),
    putDefaultStore: ({ by, body }) => putDefaultStore(services, { by, storeId: body.storeId }),
  };
}
