import type { Repositories } from '@espejo/db';
import { createSecretBox } from '../secrets.ts';
import { opensSealed } from './sealed-keys.ts';
import type { SecretFile } from './secret-file.ts';

/**
 * Ends a rotation that was cut short and answers the secret that opens what is sealed. Everything was sealed anew in one
 * transaction, so either the old one opens all of it or the new one does; whichever does stays. Asked while nobody else
 * can rotate: with the database open.
 */
export async function settleSecret(read: Repositories, file: SecretFile, given: string): Promise<string> {
  const next = file.next();
  if (next !== null && (await opensSealed(read, createSecretBox(next))) === 'all') file.promote();
  else if (next !== null) file.dropNext();
  // Read again: a rotation may have ended between the start of this process and the opening of the database.
  return file.current() ?? given;
}
