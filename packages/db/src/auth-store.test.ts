import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AuthStore, createAuthStore } from './auth-store.ts';
import { openTempDatabase, type TempDatabase } from './testing/temp-database.ts';

const AT = new Date(1_800_000_000_000);
let temp: TempDatabase;
let store: AuthStore;
let adapter: ReturnType<AuthStore['adapter']>;
beforeEach(async () => {
  temp = await openTempDatabase();
  store = createAuthStore(temp.db);
  adapter = store.adapter({});
});
afterEach(() => temp.dispose());

const create = (id: string) =>
  adapter.create({
    model: 'user',
    data: { id, name: id, email: `${id}@example.com`, emailVerified: true, createdAt: AT, updatedAt: AT },
    forceAllowId: true,
  });
const find = (id: string) => adapter.findOne({ model: 'user', where: [{ field: 'id', value: id }] });

it('the auth store returns dates and booleans as they were written', async () => {
  expect(await create('ana')).toMatchObject({ id: 'ana', emailVerified: true, createdAt: AT });
  expect(await find('ana')).toMatchObject({ emailVerified: true, createdAt: AT, image: null });
  expect(await temp.db.read.accounts.find('ana')).toMatchObject({ email: 'ana@example.com', createdAt: AT });
  expect(await find('bob')).toBeNull();
});

it('the auth store updates and deletes rows and returns how many were affected', async () => {
  await Promise.all(['ana', 'bob', 'cid'].map(create));
  const where = [{ field: 'name', operator: 'in' as const, value: ['ana', 'bob'] }];
  expect(await adapter.updateMany({ model: 'user', where, update: { emailVerified: false } })).toBe(2);
  expect(await adapter.count({ model: 'user', where: [{ field: 'emailVerified', value: false }] })).toBe(2);
  expect(await adapter.deleteMany({ model: 'user', where })).toBe(2);
  expect(await adapter.findMany({ model: 'user' })).toMatchObject([{ id: 'cid' }]);
});

it('the auth store commits or rolls back its writes with the rest of the transaction', async () => {
  const work = store.transaction(async (tx) => {
    await create('ana');
    await tx.tenants.ensure({ id: 't1', name: 't1', createdAtMs: 1 });
    // The transaction sees its own writes; other readers do not.
    expect(await find('ana')).not.toBeNull();
    expect(await temp.db.read.accounts.hasAny()).toBe(false);
    throw new Error('on the last line');
  });
  await expect(work).rejects.toThrow('on the last line');
  expect([await find('ana'), await temp.db.read.tenants.list()]).toEqual([null, []]);
  await store.transaction(async () => create('bob'));
  expect(await find('bob')).not.toBeNull();
});

it('the auth store queues a write behind another transaction, and keeps it when that transaction fails', async () => {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const other = temp.db.transaction(async (tx) => {
    await tx.tenants.ensure({ id: 't1', name: 't1', createdAtMs: 1 });
    begun.resolve();
    await end.promise;
    throw new Error('rolled back');
  });
  await begun.promise;
  const written = create('ana');
  await nextTurn();
  expect(await find('ana')).toBeNull();
  end.resolve();
  await expect(other).rejects.toThrow('rolled back');
  await written;
  expect([await find('ana'), await temp.db.read.tenants.list()]).toMatchObject([{ id: 'ana' }, []]);
});

it('the auth store writes in a transaction of its own when the surrounding one has already ended', async () => {
  const late = Promise.withResolvers<void>();
  let written: Promise<unknown> | undefined;
  await store.transaction(async () => {
    written = late.promise.then(() => create('ana'));
  });
  const other = temp.db.transaction(async () => {
    late.resolve();
    await nextTurn();
    throw new Error('rolled back');
  });
  await expect(other).rejects.toThrow('rolled back');
  await written;
  expect(await find('ana')).not.toBeNull();
});
