import { afterEach, expect, it, vi } from 'vitest';
import type { Handle } from './connect.ts';
import { FULL_DURABILITY } from './database.ts';
import { openTempDatabase, type TempDatabase } from './testing/temp-database.ts';

const opened = vi.hoisted(() => ({ handles: [] as Handle[] }));
vi.mock('./connect.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('./connect.ts')>();
  return {
    ...original,
    connect: (...args: Parameters<typeof original.connect>) => {
      const handle = original.connect(...args);
      opened.handles.push(handle);
      return handle;
    },
  };
});

/** SQLite's values of `pragma synchronous`. */
const NORMAL = 1;
const FULL = 2;

let temp: TempDatabase;
afterEach(() => temp.dispose());

it('the database syncs a durable transaction to disk when it commits, and not the next plain one', async () => {
  opened.handles.length = 0;
  temp = await openTempDatabase();
  const { db } = temp;
  const [writer] = opened.handles;
  const synchronous = () => writer?.sqlite.pragma('synchronous', { simple: true });
  const seen: unknown[] = [synchronous()];
  await db.transaction(async () => seen.push(synchronous()), FULL_DURABILITY);
  seen.push(synchronous());
  await db.transaction(async () => seen.push(synchronous()));
  expect(seen).toEqual([NORMAL, FULL, NORMAL, NORMAL]);
  await expect(db.transaction(() => Promise.reject(new Error('no')), FULL_DURABILITY)).rejects.toThrow('no');
  expect(synchronous(), 'nor does it after one that failed').toBe(NORMAL);
});
