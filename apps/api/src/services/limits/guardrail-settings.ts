import { GuardrailSettings, LIMITS } from '@espejo/contracts';
import type { Authorized } from '@espejo/core';
import type { Database, Repositories } from '@espejo/db';
import type { Clock } from '../../ports.ts';

/** Under this name they are in the settings. */
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

/** The guardrails in force for a tenant, as the last committed state or a transaction sees them. */
export async function readGuardrails(read: Pick<Repositories, 'settings'>, tenantId: string): Promise<Guardrails> {
  const stored = GuardrailSettings.partial().safeParse((await read.settings.all(tenantId))[NAME] ?? {});
  const given = Object.entries(stored.success ? stored.data : {}).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_GUARDRAILS, ...Object.fromEntries(given) };
}

/** Changes some guardrails. What is there already stays, even where it is more than they allow now. */
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
