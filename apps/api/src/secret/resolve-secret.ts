import { SECRET_LENGTH_MIN } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import { StartFault } from '../data-folder/start-fault.ts';
import { createSecretBox } from '../secrets.ts';
import { opensSealed } from './sealed-keys.ts';
import type { SecretFile } from './secret-file.ts';

/**
 * Ends a rotation that was cut short and answers the secret that opens what is sealed. Everything was sealed anew in one
 * transaction, so either the old one opens all of it or the new one does; whichever does stays. Asked while nobody else
 * can rotate: with the database open.
 */
export async function resolveSecret(read: Repositories, file: SecretFile, given: string): Promise<string> {
  const next = file.next();
  if (next !== null && (await opensSealed(read, createSecretBox(next))) === 'all') file.promote();
  else if (next !== null) file.dropNext();
  // Read again: a rotation may have ended between the start of this process and the opening of the database.
  return file.current() ?? given;
}

/** The secret in the data folder: the one that a rotation has left, or a new one where there is none. Throws StartFault. */
export async function openSecret(read: Repositories, file: SecretFile, newSecret: () => string): Promise<string> {
  let secret = await resolveSecret(read, file, '');
  if (secret === '') {
    file.create(newSecret());
    secret = file.current() ?? '';
  }
  // Whatever is there is used only when it can be a secret: an empty one would seal everything under a key that all know.
  if (secret.length < SECRET_LENGTH_MIN)
    throw new StartFault('The file secret in the data folder is empty or cut short. Put it back from a backup.');
  return secret;
}
