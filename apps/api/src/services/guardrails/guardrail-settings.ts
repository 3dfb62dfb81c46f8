import type { Database, Repositories } from '@espejo/db';
import { z } from 'zod';
import type { Clock } from '../../ports.ts';

/** Under this name they are in the settings. */
const NAME = 'guardrails';

export const FILE_BYTES_MAX = 512 * 2 ** 20;

/** A type, a whole family of them, or everything: `application/pdf`, `text/*`. */
const MimePattern = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[\w.+-]+\/(\*|[\w.+-]+)$/, 'must look like application/pdf or text/*');
const Limit = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What a tenant allows. Null: no such limit. */
export const Guardrails = z.strictObject({
  /** Two files of one name in one store. */
  duplicateFilenames: z.enum(['allow', 'refuse']),
  /** Two stores of one name. */
  duplicateStoreNames: z.enum(['allow', 'refuse']),
  allowedMimeTypes: z.array(MimePattern).max(200).nullable(),
  fileBytesMax: z.int().min(1).max(FILE_BYTES_MAX),
  filesPerStoreMax: Limit.nullable(),
  storesMax: Limit.nullable(),
  /** Bytes of all files of our own together. */
  totalBytesMax: Limit.nullable(),
  /** What becomes of the files of a store that is deleted through `/v1`, where the request does not say. */
  filesOfDeletedStores: z.enum(['delete', 'keep']),
});
export type Guardrails = z.infer<typeof Guardrails>;

export const DEFAULT_GUARDRAILS: Guardrails = {
  duplicateFilenames: 'allow',
  duplicateStoreNames: 'allow',
  allowedMimeTypes: null,
  fileBytesMax: FILE_BYTES_MAX,
  filesPerStoreMax: 10_000,
  storesMax: 10_000,
  totalBytesMax: null,
  filesOfDeletedStores: 'delete',
};

/** The guardrails in force for a tenant, as the last committed state or a transaction sees them. */
export async function readGuardrails(read: Pick<Repositories, 'settings'>, tenantId: string): Promise<Guardrails> {
  const stored = Guardrails.partial().safeParse((await read.settings.all(tenantId))[NAME] ?? {});
  const given = Object.entries(stored.success ? stored.data : {}).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_GUARDRAILS, ...Object.fromEntries(given) };
}

/** Changes some guardrails. What is there already stays, even where it is more than they allow now. */
export async function updateGuardrails(
  deps: { readonly db: Database; readonly clock: Clock },
  input: { tenantId: string; actor: string; change: { readonly [K in keyof Guardrails]?: Guardrails[K] | undefined } },
): Promise<Guardrails> {
  const { tenantId, actor, change } = input;
  return deps.db.transaction(async (tx) => {
    const before = await readGuardrails(tx, tenantId);
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const after = Guardrails.parse({ ...before, ...Object.fromEntries(given) });
    await tx.settings.set(tenantId, NAME, after);
    await tx.audit.append({
      tenantId,
      atMs: deps.clock.nowMs(),
      actor,
      action: 'guardrails.updated',
      subject: NAME,
      outcome: 'done',
      detail: { before, after },
    });
    return after;
  });
}
