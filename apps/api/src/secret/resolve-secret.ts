import { SECRET_LENGTH_MIN } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import { StartFault } from '../data-folder/start-fault.ts';
import { createSecretBox } from '../secrets.ts';
import { opensSealed } from './sealed-keys.ts';
import type { SecretFile } from './secret-file.ts';

/**
 * Completes an interrupted rotation and returns the secret that decrypts the stored keys. Everything was encrypted
 * again in one transaction, so either the old or the new one decrypts all of it; that one stays. Called while no other
 * process can rotate: with the database open.
 */
export async function resolveSecret(read: Repositories, file: SecretFile, given: string): Promise<string> {
  const next = file.next();
  if (next !== null && (await opensSealed(read, createSecretBox(next))) === 'all') file.promote();
  else if (next !== null) file.dropNext();
  // Read again: a rotation may have ended between the start of this process and the opening of the database.
  return file.current() ?? given;
}

/** The secret in the data folder: the present one, or a new one where there is none. Throws StartFault. */
export async function openSecret(read: Repositories, file: SecretFile, newSecret: () => string): Promise<string> {
  let secret = await resolveSecret(read, file, '');
  if (secret === '') {
    file.create(newSecret());
    secret = file.current() ?? '';
  }
  // An existing file is used only when it can be a secret: with an empty one everything would be encrypted with a known
  // key.
  if (secret.length < SECRET_LENGTH_MIN)
    throw new StartFault('The file secret in the data folder is empty or cut short. Put it back from a backup.');
  return secret;
}
