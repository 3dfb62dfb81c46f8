import { z } from 'zod';
import { IdParams } from './common.ts';
import { CreatePlanBody, Plan, PlanList, PutTenantPlanBody, TenantPlan, UpdatePlanBody, Usage } from './quotas.ts';
import { route } from './route.ts';

/** What a tenant may use and has used, and what the operator allows whom. */
export const QUOTA_ROUTES = {
  getUsage: route({
    method: 'GET',
    path: '/api/usage',
    summary: 'Every limit, how much of it is used, and when it is whole again',
    tag: 'Quotas',
    action: 'read',
    status: 200,
    response: Usage,
  }),
  listPlans: route({
    method: 'GET',
    path: '/api/plans',
    summary: 'List the plans of this installation',
    tag: 'Quotas',
    action: 'own',
    status: 200,
    response: PlanList,
  }),
  createPlan: route({
    method: 'POST',
    path: '/api/plans',
    summary: 'Make a plan',
    tag: 'Quotas',
    action: 'own',
    body: CreatePlanBody,
    status: 201,
    response: Plan,
  }),
  updatePlan: route({
    method: 'PATCH',
    path: '/api/plans/:id',
    summary: 'Change a plan, for every tenant that has it; what is there already stays',
    tag: 'Quotas',
    action: 'own',
    params: IdParams,
    body: UpdatePlanBody,
    status: 200,
    response: Plan,
  }),
  deletePlan: route({
    method: 'DELETE',
    path: '/api/plans/:id',
    summary: 'Delete a plan that no tenant has',
    tag: 'Quotas',
    action: 'own',
    params: IdParams,
    status: 204,
    response: z.null(),
  }),
  getTenantPlan: route({
    method: 'GET',
    path: '/api/tenants/:id/plan',
    summary: 'Get the plan of a tenant and what is different for it',
    tag: 'Quotas',
    action: 'own',
    params: IdParams,
    status: 200,
    response: TenantPlan,
  }),
  putTenantPlan: route({
    method: 'PUT',
    path: '/api/tenants/:id/plan',
    summary: 'Give a tenant a plan, and limits of its own',
    tag: 'Quotas',
    action: 'own',
    params: IdParams,
    body: PutTenantPlanBody,
    status: 200,
    response: TenantPlan,
  }),
} as const;
