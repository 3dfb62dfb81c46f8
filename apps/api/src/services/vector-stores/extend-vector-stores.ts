import {
  AppError,
  type Authorized,
  type ExpiryPolicy,
  extendPolicy,
  NEVER_EXPIRES,
  vectorStoreNotFound,
  vectorStoreReadOnly,
} from '@espejo/core';
import type { Repositories, VectorStoreRecord } from '@espejo/db';
import type { VectorStoreContext } from '../context/app-context.ts';
import { changeExpiry } from '../expiry/change-expiry.ts';
import { accept, readPolicy } from '../expiry/read-policy.ts';
import type { ExtendVectorStoresInput } from './inputs.ts';
import { listMatchingStores } from './list-matching-stores.ts';
import { toStoreFilter } from './list-vector-stores.ts';
import type { ExtendResult } from './views.ts';

/** Stores changed in one transaction. */
const CHUNK = 250;

type Extended = ExtendResult['extended'][number];
type Refused = ExtendResult['refused'][number];

/**
 * Extends many primary stores: by a number of days on top of the policy each has, or with another policy. Every store
 * is either extended or rejected with its reason, mirrors included; no store blocks the others.
 */
export async function extendVectorStores(
  deps: VectorStoreContext,
  input: { readonly by: Authorized<'write'>; readonly body: ExtendVectorStoresInput; readonly itemsMax: number },
): Promise<ExtendResult> {
  const { by, body } = input;
  const { tenantId } = by;
  const { days } = body;
  const policy = body.policy === undefined ? undefined : readPolicy(body.policy);
  const ids = new Set(body.storeIds);
  if (body.filter !== undefined) {
    const filter = toStoreFilter(deps, body.filter);
    const matching = { tenantId, filter, exceptIds: body.exceptStoreIds, max: input.itemsMax };
    for (const { id } of await listMatchingStores(deps, matching)) ids.add(id);
  }
  const extended: Extended[] = [];
  const refused: Refused[] = [];
  for (const chunk of chunksOf([...ids], CHUNK)) {
    await deps.db.transaction(async (tx) => {
      for (const id of chunk) {
        const store = await tx.vectorStores.find(tenantId, id);
        try {
          const nowMs = deps.clock.nowMs();
          extended.push(await extendOne(tx, { id, store, nowMs, by, change: policy ?? { days: days ?? 0 } }));
        } catch (cause) {
          // Rejected before anything of this store was written; the others of the transaction stay.
          if (!(cause instanceof AppError)) throw cause;
          refused.push({ id, name: store?.name ?? null, code: cause.code, message: cause.message });
        }
      }
    });
  }
  return { extended, refused };
}

async function extendOne(
  tx: Repositories,
  input: {
    id: string;
    store: VectorStoreRecord | undefined;
    nowMs: number;
    by: Authorized<'write'>;
    change: ExpiryPolicy | { readonly days: number };
  },
): Promise<Extended> {
  const { id, store, nowMs, by, change } = input;
  if (store === undefined) throw vectorStoreNotFound(id);
  if (store.source === 'cache') throw vectorStoreReadOnly(id);
  if (store.status === 'trashed') {
    throw new AppError('vector_store_trashed', `Vector store '${id}' is in the trash. Restore it first.`);
  }
  const policy = 'kind' in change ? change : accept(extendPolicy(store.expiryPolicy ?? NEVER_EXPIRES, change.days));
  const after = await changeExpiry(tx, { store, policy, nowMs, by });
  return {
    id,
    name: store.name,
    expiryPolicy: after.policy,
    expiresAtBefore: store.expiresAt,
    expiresAt: after.expiresAt,
    wasExpired: after.wasExpired,
  };
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < items.length; i += size) chunks.push(items.slice(i, i + size));
  return chunks;
}
