import { LIMIT_NAMES, type Limit, type LimitName, stricterLimit } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import { readGuardrails } from './guardrail-settings.ts';
import { readQuota } from './read-quota.ts';

/** All limits of a tenant: from its plan and from its own settings, whichever is stricter. */
export interface LimitsInForce {
  readonly plan: { readonly id: string; readonly name: string };
  readonly limits: Readonly<Record<LimitName, Limit>>;
  /** A file's type must be in every one of these lists. */
  readonly mimeTypes: readonly { readonly allowed: readonly string[]; readonly setBy: 'plan' | 'settings' }[];
}

/** The limits of a tenant, from the last committed state or inside a transaction. */
export async function readLimits(
  read: Pick<Repositories, 'settings' | 'plans'>,
  tenantId: string,
): Promise<LimitsInForce> {
  const guardrails = await readGuardrails(read, tenantId);
  const { plan, limits: quota } = await readQuota(read, tenantId);
  const { fileBytesMax, filesPerStoreMax, storesMax, totalBytesMax } = guardrails;
  const ofSettings: Partial<Record<LimitName, number | null>> = {
    fileBytesMax,
    filesPerStoreMax,
    storesMax,
    totalBytesMax,
  };
  const limits = LIMIT_NAMES.map((name) => [name, stricterLimit(quota[name], ofSettings[name] ?? null)] as const);
  return {
    plan,
    limits: Object.fromEntries(limits) as Record<LimitName, Limit>,
    mimeTypes: [
      ...(quota.allowedMimeTypes === null ? [] : [{ allowed: quota.allowedMimeTypes, setBy: 'plan' as const }]),
      ...(guardrails.allowedMimeTypes === null
        ? []
        : [{ allowed: guardrails.allowedMimeTypes, setBy: 'settings' as const }]),
    ],
  };
}
