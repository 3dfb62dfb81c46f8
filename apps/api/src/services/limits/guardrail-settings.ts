import { GuardrailSettings, LIMITS } from '@espejo/contracts';
import type { Authorized } from '@espejo/core';
import type { Database, Repositories } from '@espejo/db';
import type { Clock } from '../../ports.ts';

/** The settings key. */
const NAME = 'guardrails';

export type Guardrails = GuardrailSettings;

const DEFAULT_GUARDRAILS: Guardrails = {
  duplicateFilenames: 'allow',
  duplicateStoreNames: 'allow',
  allowedMimeTypes: null,
  fileBytesMax: LIMITS.fileBytesMax,
  filesPerStoreMax: 10_000,
  storesMax: 10_000,
  totalBytesMax: null,
  unattachedFiles: 'when_unused',
  filesOfDeletedStores: 'delete',
};

/** The guardrails of a tenant, from the last committed state or inside a transaction. */
export async function readGuardrails(read: Pick<Repositories, 'settings'>, tenantId: string): Promise<Guardrails> {
  const stored = GuardrailSettings.partial().safeParse((await read.settings.all(tenantId))[NAME] ?? {});
  const given = Object.entries(stored.success ? stored.data : {}).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_GUARDRAILS, ...Object.fromEntries(given) };
}

/** Changes some guardrails. Existing data stays, even beyond the new limits. */
export async function updateGuardrails(
  deps: { readonly db: Database; readonly clock: Clock },
  input: {
    readonly by: Authorized<'manage'>;
    change: { readonly [K in keyof Guardrails]?: Guardrails[K] | undefined };
  },
): Promise<Guardrails> {
  const { by, change } = input;
  const { tenantId } = by;
  return deps.db.transaction(async (tx) => {
    const before = await readGuardrails(tx, tenantId);
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const after = GuardrailSettings.parse({ ...before, ...Object.fromEntries(given) });
    await tx.settings.set(tenantId, NAME, after);
    await tx.audit.append(by, {
      atMs: deps.clock.nowMs(),
      action: 'guardrails.updated',
      subject: NAME,
      outcome: 'done',
      detail: { before, after },
    });
    return after;
  });
}
