import type { Authorized } from '@espejo/core';
import type { Repositories, VectorStoreRecord } from '@espejo/db';
import type { PrimaryContext, VectorStoreContext } from '../context/app-context.ts';
import { isServable } from '../lookup/assert-servable.ts';
import { getWritableStore } from '../lookup/find-attachment.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { createVectorStore } from '../vector-stores/create-vector-store.ts';
import type { DefaultStore } from './views.ts';

/** The setting that holds the id. */
const SETTING = 'defaultStoreId';
/** The name of a default store that is created. */
const NAME = 'Default';

type DefaultReader = Pick<Repositories, 'settings' | 'vectorStores'>;

/** Another request created one in the meantime. */
class DefaultTaken extends Error {}

/** The default store of a tenant; null while there is none that can be used. */
export async function getDefaultStore(
  deps: Pick<VectorStoreContext, 'db' | 'clock'>,
  { tenantId }: { tenantId: string },
): Promise<DefaultStore> {
  const storeId = await findDefault(deps.db.read, { tenantId, nowMs: deps.clock.nowMs() });
  return { storeId: storeId ?? null };
}

/**
 * The default store of a tenant, created when there is none. Concurrent calls create one. It is never an expired store
 * or one in the trash: then another one is created, and is the default from now on. Throws what creating a store
 * throws.
 */
export async function ensureDefaultStore(
  deps: VectorStoreContext & PrimaryContext,
  { by }: { by: Authorized<'write'> },
): Promise<VectorStoreRecord> {
  const { tenantId } = by;
  const find = (read: DefaultReader) => findDefault(read, { tenantId, nowMs: deps.clock.nowMs() });
  const present = await find(deps.db.read);
  if (present !== undefined) return findVectorStore(deps, tenantId, present);
  try {
    return await createVectorStore(deps, {
      by,
      fields: { name: await freeName(deps, tenantId) },
      async also(tx, storeId) {
        if ((await find(tx)) !== undefined) throw new DefaultTaken();
        await choose(tx, by, { storeId, atMs: deps.clock.nowMs() });
      },
    });
  } catch (cause) {
    // Whatever error this call got, also a limit that the other request filled: the other's store is there.
    const other = await find(deps.db.read);
    if (other === undefined) throw cause;
    return findVectorStore(deps, tenantId, other);
  }
}

/** Makes a primary store the default. Throws for a mirror, and for a store that is not served. */
export async function putDefaultStore(
  deps: Pick<VectorStoreContext, 'db' | 'clock'>,
  { by, storeId }: { by: Authorized<'write'>; storeId: string },
): Promise<DefaultStore> {
  const { tenantId } = by;
  await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    await getWritableStore(tx, { tenantId, storeId, nowMs });
    if ((await findDefault(tx, { tenantId, nowMs })) !== storeId) await choose(tx, by, { storeId, atMs: nowMs });
  });
  return { storeId };
}

async function findDefault(
  read: DefaultReader,
  { tenantId, nowMs }: { tenantId: string; nowMs: number },
): Promise<string | undefined> {
  const storeId = (await read.settings.all(tenantId))[SETTING];
  if (typeof storeId !== 'string') return undefined;
  const store = await read.vectorStores.find(tenantId, storeId);
  return store?.source === 'primary' && isServable(store, nowMs) ? storeId : undefined;
}

/** The date tells it from an older one of the same name that has expired, or that a user created. */
async function freeName({ db, clock }: Pick<VectorStoreContext, 'db' | 'clock'>, tenantId: string): Promise<string> {
  const isFree = (await db.read.primaryStores.findByName(tenantId, NAME, '')) === undefined;
  return isFree ? NAME : `${NAME} ${new Date(clock.nowMs()).toISOString().slice(0, 10)}`;
}

async function choose(
  tx: Repositories,
  by: Authorized<'write'>,
  { storeId, atMs }: { storeId: string; atMs: number },
): Promise<void> {
  const before = (await tx.settings.all(by.tenantId))[SETTING] ?? null;
  await tx.settings.set(by.tenantId, SETTING, storeId);
  await tx.audit.append(by, {
    atMs,
    action: 'default_store.chosen',
    subject: storeId,
    outcome: 'done',
    detail: { before, after: storeId },
  });
}
