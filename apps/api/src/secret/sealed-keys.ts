import { asSystem } from '@espejo/core';
import type { ConnectionRow, Repositories } from '@espejo/db';
import { SECRET_CHECK_FACT, SecretCheck } from '../data-folder/installation-facts.ts';
import type { SecretBox } from '../secrets.ts';
import { keyContext } from '../services/connections/connection-key.ts';
import { upstreamIdentity } from '../services/deletion/execute/upstream-identity.ts';
import { isCheckOpened, sealSecretCheck } from './secret-check.ts';

/**
 * What the database holds that was made with the secret: the keys of connections, sealed; their fingerprints; and the
 * names that planned deletions know a key by. Whatever else comes to be sealed belongs here, or a rotation loses it.
 */
interface SealedKey {
  readonly row: ConnectionRow;
  readonly cipher: string;
}

/** The sealed key does not open: it was saved under another secret. */
export class KeyDoesNotOpen extends Error {
  readonly row: ConnectionRow;
  constructor(row: ConnectionRow, cause: unknown) {
    super(`The API key of connection '${row.id}' does not open.`, { cause });
    this.row = row;
  }
}

async function listSealed(read: Repositories): Promise<SealedKey[]> {
  const sealed: SealedKey[] = [];
  for (const tenant of await read.tenants.list()) {
    for (const row of await read.connections.list(tenant.id)) {
      if (row.apiKeyCipher !== null) sealed.push({ row, cipher: row.apiKeyCipher });
    }
  }
  return sealed;
}

/** Whether a box opens what is sealed: all of it, none of it, some of it, or there is nothing to open. */
export async function opensSealed(read: Repositories, box: SecretBox): Promise<'all' | 'none' | 'some' | 'nothing'> {
  const check = await readCheck(read);
  const opens = (await listSealed(read)).map((key) => isOpenedBy(box, key));
  if (check !== null) opens.push(isCheckOpened(box, check));
  const openCount = opens.filter((isOpen) => isOpen).length;
  if (opens.length === 0) return 'nothing';
  if (openCount === opens.length) return 'all';
  return openCount === 0 ? 'none' : 'some';
}

/** What the database tells its secret by; null: it does not yet, or the next secret is the right one. */
async function readCheck(read: Repositories): Promise<string | null> {
  const check = SecretCheck.safeParse(await read.installationFacts.find(SECRET_CHECK_FACT));
  return check.success && 'sealed' in check.data ? check.data.sealed : null;
}

/** The old secret is not the one that the database was sealed under. */
export class SecretNotRight extends Error {}

/** Connections whose key does not open. */
export async function countUndecryptable(read: Repositories, box: SecretBox): Promise<number> {
  return (await listSealed(read)).filter((key) => !isOpenedBy(box, key)).length;
}

/**
 * Seals everything anew, in the caller's transaction, and answers how many keys that were. Throws `KeyDoesNotOpen` at the
 * first that the old secret does not open, and `SecretNotRight` when it is not the one: under the new one it could never be told from a damaged one.
 */
export async function resealAll(
  tx: Repositories,
  { from, to, nowMs }: { readonly from: SecretBox; readonly to: SecretBox; readonly nowMs: number },
): Promise<number> {
  const check = await readCheck(tx);
  if (check !== null && !isCheckOpened(from, check)) throw new SecretNotRight('The secret is another one.');
  if (check !== null) await tx.installationFacts.set(SECRET_CHECK_FACT, { sealed: sealSecretCheck(to) });
  const counts = new Map<string, number>();
  for (const key of await listSealed(tx)) {
    await reseal(tx, key, { apiKey: openOrThrow(from, key), to, nowMs });
    counts.set(key.row.tenantId, (counts.get(key.row.tenantId) ?? 0) + 1);
  }
  for (const { id: tenantId } of await tx.tenants.list()) {
    await tx.audit.append(asSystem(tenantId, 'rotate-secret'), {
      atMs: nowMs,
      action: 'secret.rotated',
      subject: 'secret',
      outcome: 'succeeded',
      detail: { connections: counts.get(tenantId) ?? 0 },
    });
  }
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

async function reseal(
  tx: Repositories,
  { row }: SealedKey,
  { apiKey, to, nowMs }: { readonly apiKey: string; readonly to: SecretBox; readonly nowMs: number },
): Promise<void> {
  const { tenantId, id } = row;
  const after = {
    ...row,
    apiKeyCipher: to.seal(apiKey, keyContext(tenantId, id)),
    apiKeyFingerprint: to.fingerprint(apiKey),
  };
  const { apiKeyCipher, apiKeyFingerprint } = after;
  await tx.connections.update(tenantId, id, { apiKeyCipher, apiKeyFingerprint, updatedAtMs: nowMs });
  await tx.deletionSteps.renameIdentity(tenantId, id, upstreamIdentity(row), upstreamIdentity(after));
}

function isOpenedBy(box: SecretBox, key: SealedKey): boolean {
  try {
    openOrThrow(box, key);
    return true;
  } catch {
    return false;
  }
}

function openOrThrow(box: SecretBox, { row, cipher }: SealedKey): string {
  try {
    return box.open(cipher, keyContext(row.tenantId, row.id));
  } catch (cause) {
    throw new KeyDoesNotOpen(row, cause);
  }
}
