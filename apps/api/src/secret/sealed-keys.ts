import { asSystem } from '@espejo/core';
import type { ConnectionRow, Repositories } from '@espejo/db';
import { SECRET_CHECK_FACT, SecretCheck } from '../data-folder/installation-facts.ts';
import type { SecretBox } from '../secrets.ts';
import { keyContext } from '../services/connections/connection-key.ts';
import { upstreamIdentity } from '../services/deletion/execute/upstream-identity.ts';
import { isCheckOpened, sealSecretCheck } from './secret-check.ts';

/**
 * Everything in the database that depends on the secret: the encrypted keys of connections; their fingerprints; and the
 * key identities of planned deletions. Any new encrypted value must be added here, or a rotation loses it.
 */
interface SealedKey {
  readonly row: ConnectionRow;
  readonly cipher: string;
}

/** The key cannot be decrypted: it was saved under another secret. */
export class UndecryptableKey extends Error {
  readonly row: ConnectionRow;
  constructor(row: ConnectionRow, cause: unknown) {
    super(`The API key of connection '${row.id}' cannot be decrypted.`, { cause });
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

/** Whether a secret decrypts the stored keys: all, none, some, or there are none. */
export async function opensSealed(read: Repositories, box: SecretBox): Promise<'all' | 'none' | 'some' | 'nothing'> {
  const check = await readCheck(read);
  const opens = (await listSealed(read)).map((key) => isOpenedBy(box, key));
  if (check !== null) opens.push(isCheckOpened(box, check));
  const openCount = opens.filter((isOpen) => isOpen).length;
  if (opens.length === 0) return 'nothing';
  if (openCount === opens.length) return 'all';
  return openCount === 0 ? 'none' : 'some';
}

/** The check value of the secret; null: there is none yet, or the next secret is accepted. */
async function readCheck(read: Repositories): Promise<string | null> {
  const check = SecretCheck.safeParse(await read.installationFacts.find(SECRET_CHECK_FACT));
  return check.success && 'sealed' in check.data ? check.data.sealed : null;
}

/** The old secret is not the one that the database was encrypted with. */
export class WrongSecret extends Error {}

/** Connections whose key cannot be decrypted. */
export async function countUndecryptable(read: Repositories, box: SecretBox): Promise<number> {
  return (await listSealed(read)).filter((key) => !isOpenedBy(box, key)).length;
}

/**
 * Encrypts everything again, in the caller's transaction, and returns the number of keys. Throws `UndecryptableKey` at
 * the first key that the old secret does not decrypt, and `WrongSecret` when the secret is wrong: after the rotation
 * a key that cannot be decrypted could not be told from a damaged one.
 */
export async function resealAll(
  tx: Repositories,
  { from, to, nowMs }: { readonly from: SecretBox; readonly to: SecretBox; readonly nowMs: number },
): Promise<number> {
  const check = await readCheck(tx);
  if (check !== null && !isCheckOpened(from, check)) throw new WrongSecret('The secret is another one.');
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
    throw new UndecryptableKey(row, cause);
  }
}
