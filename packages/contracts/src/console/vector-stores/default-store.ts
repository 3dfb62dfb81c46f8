import { z } from 'zod';
import { LIMITS } from '../../limits.ts';

/** The primary store that is used when none is named. */
export const DefaultStore = z
  .object({
    storeId: z.string().nullable().describe('null: there is none that can be used; the next POST creates one'),
  })
  .meta({ id: 'DefaultStore' });
export type DefaultStore = z.output<typeof DefaultStore>;

export const PutDefaultStoreBody = z.strictObject({ storeId: z.string().min(1).max(LIMITS.idMax) });
