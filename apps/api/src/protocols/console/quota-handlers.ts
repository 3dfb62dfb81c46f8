import { asSystem } from '@espejo/core';
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

const proof = ({ tenantId, actor }: { tenantId: string; actor: string }) => asSystem(tenantId, actor);

/** The handlers of plans, of what is used, and of the default store. */
export function createQuotaHandlers(services: Services): Pick<ConsoleHandlers, QuotaOperation> {
  return {
    getUsage: ({ tenantId }) => getUsage(services, { tenantId }),
    listPlans: (input) => listPlans(services, { by: proof(input) }),
    createPlan: (input) => createPlan(services, { by: proof(input), body: input.body }),
    updatePlan: (input) => updatePlan(services, { by: proof(input), id: input.params.id, body: input.body }),
    deletePlan: async (input) => {
      await deletePlan(services, { by: proof(input), id: input.params.id });
      return null;
    },
    getTenantPlan: (input) => getTenantPlan(services, { by: proof(input), tenantId: input.params.id }),
    putTenantPlan: (input) =>
      putTenantPlan(services, { by: proof(input), tenantId: input.params.id, body: input.body }),
    getDefaultStore: ({ tenantId }) => getDefaultStore(services, { tenantId }),
    ensureDefaultStore: (input) => ensureDefaultStore(services, { by: proof(input) }),
    putDefaultStore: (input) => putDefaultStore(services, { by: proof(input), storeId: input.body.storeId }),
  };
}
