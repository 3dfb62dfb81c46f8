import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, SECRET_LENGTH_MIN } from '@espejo/core';
import { exclusiveTransaction, inspectDatabase, knownMigrationCount, type Repositories } from '@espejo/db';
import { createSecretBox } from '../secrets.ts';
import { resolveSecret } from './resolve-secret.ts';
import { resealAll, UndecryptableKey, WrongSecret } from './sealed-keys.ts';
import { openSecretFile } from './secret-file.ts';

/** Why the secret was not rotated, in a sentence for the user. */
export class RotationFault extends Error {}

export interface RotationInput {
  readonly dataDir: string;
  /** `ESPEJO_SECRET`; null: the secret is the file in the data folder. */
  readonly given: string | null;
  /** `ESPEJO_SECRET_NEW`; null: one is generated. */
  readonly wanted: string | null;
  readonly newSecret: () => string;
  readonly nowMs: () => number;
}

export interface Rotated {
  readonly keyCount: number;
  /** Where the new secret is: in the file, or given by the caller. */
  readonly place: 'file' | 'environment';
}

/**
 * Encrypts everything again with a new secret. One transaction: after a kill at any point, either the old or the new
 * secret decrypts everything, and the next start finds out which. Throws RotationFault, also while Espejo runs.
 */
export async function rotateSecret(input: RotationInput): Promise<Rotated> {
  const { dataDir, given, wanted } = input;
  const database = join(dataDir, 'espejo.db');
  requireDatabase(database, dataDir);
  if (given !== null && wanted === null)
    throw new RotationFault(
      'The secret is in ESPEJO_SECRET. Give the new one in ESPEJO_SECRET_NEW beside it, and put it into ESPEJO_SECRET afterwards.',
    );
  if (wanted !== null && wanted.length < SECRET_LENGTH_MIN)
    throw new RotationFault(`ESPEJO_SECRET_NEW needs at least ${SECRET_LENGTH_MIN} characters.`);
  const file = openSecretFile(dataDir);
  const next = wanted ?? input.newSecret();

  const keyCount = await alone(database, async (tx) => {
    const old = given ?? (await resolveSecret(tx, file, ''));
    if (old === '') throw new RotationFault(`There is no secret in ${dataDir}, and none in ESPEJO_SECRET.`);
    if (old === next) throw new RotationFault('The new secret equals the old one. Give another.');
    if (given === null) file.writeNext(next);
    return resealAll(tx, { from: createSecretBox(old), to: createSecretBox(next), nowMs: input.nowMs() });
  });
  if (given === null) file.promote();
  return { keyCount, place: given === null ? 'file' : 'environment' };
}

function requireDatabase(path: string, dataDir: string): void {
  if (!existsSync(path)) throw new RotationFault(`There is no database of Espejo in ${dataDir}.`);
  if (inspectDatabase(path).migrationCount !== knownMigrationCount())
    throw new RotationFault('The database belongs to another version of Espejo. Start this one once, then rotate.');
}

async function alone<T>(path: string, work: (tx: Repositories) => Promise<T>): Promise<T> {
  try {
    return await exclusiveTransaction(path, work);
  } catch (cause) {
    if (cause instanceof UndecryptableKey)
      throw new RotationFault(
        `${cause.message} It was saved under another secret: rotate with that one, or enter the key of '${cause.row.name}' again first. Nothing was changed.`,
        { cause },
      );
    if (cause instanceof WrongSecret)
      throw new RotationFault(
        'The old secret is not the one that the database was encrypted with. Give that one. Nothing was changed.',
        { cause },
      );
    if (cause instanceof AppError && cause.code === 'database_busy')
      throw new RotationFault('Espejo is running on this data folder. Stop it, then rotate.', { cause });
    throw cause;
  }
}
