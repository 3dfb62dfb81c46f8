import { Settings } from '@espejo/contracts';
import { type Authorized, PUBLISHED_RATES, type StorageRates } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock } from '../../ports.ts';

interface SettingsDeps {
  readonly db: Database;
  readonly clock: Clock;
}

const GB = 2 ** 30;
/** OpenAI's published prices, until a user sets others. */
const DEFAULTS: Settings = { usdPerGbDay: PUBLISHED_RATES.usdPerGbDay, freeGb: PUBLISHED_RATES.freeBytes / GB };

export async function getSettings(deps: SettingsDeps, input: { tenantId: string }): Promise<Settings> {
  const stored = Settings.partial().safeParse(await deps.db.read.settings.all(input.tenantId));
  const given = stored.success ? stored.data : {};
  return { usdPerGbDay: given.usdPerGbDay ?? DEFAULTS.usdPerGbDay, freeGb: given.freeGb ?? DEFAULTS.freeGb };
}

export async function updateSettings(
  deps: SettingsDeps,
  input: { readonly by: Authorized<'manage'>; change: { readonly [K in keyof Settings]?: Settings[K] | undefined } },
): Promise<Settings> {
  const { by, change } = input;
  const { tenantId } = by;
  const before = await getSettings(deps, { tenantId });
  await deps.db.transaction(async (tx) => {
    for (const [name, value] of Object.entries(change))
      if (value !== undefined) await tx.settings.set(tenantId, name, value);
    await tx.audit.append(by, {
      atMs: deps.clock.nowMs(),
      action: 'settings.updated',
      subject: 'settings',
      outcome: 'done',
      detail: { before, after: { ...before, ...change } },
    });
  });
  return getSettings(deps, { tenantId });
}

/** The prices of cost estimates. */
export async function storageRates(deps: SettingsDeps, tenantId: string): Promise<StorageRates> {
  const { usdPerGbDay, freeGb } = await getSettings(deps, { tenantId });
  return { usdPerGbDay, freeBytes: freeGb * GB };
}
