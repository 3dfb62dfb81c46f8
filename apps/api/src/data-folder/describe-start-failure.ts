import { MigrationsMissing, NewerDatabase } from '@espejo/db';
import { ConfigError } from '../config.ts';
import { StartFault } from './start-fault.ts';

export interface StartPlace {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
}

/** The error that ended a start, in a sentence that says what to do. `isKnown` is false for an unexpected one. */
export function describeStartFailure(
  cause: unknown,
  place: StartPlace,
): { readonly message: string; readonly isKnown: boolean } {
  const ours = chainOf(cause).find(
    (error) =>
      error instanceof ConfigError ||
      error instanceof StartFault ||
      error instanceof MigrationsMissing ||
      error instanceof NewerDatabase,
  );
  if (ours !== undefined) return { message: ours.message, isKnown: true };
  for (const error of chainOf(cause)) {
    const message = describeCode(String(Reflect.get(error, 'code') ?? ''), place);
    if (message !== null) return { message, isKnown: true };
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  return {
    message: `Espejo could not start: ${text}. Run it with LOG_LEVEL=debug for the stack; please report that.`,
    isKnown: false,
  };
}

function describeCode(code: string, { dataDir, host, port }: StartPlace): string | null {
  const folder = `the data folder ${dataDir}`;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken. Is Espejo running already? Stop what holds the port, or set API_PORT to another one.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine. Set ESPEJO_HOST to one, or leave it out.`;
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return `The disk of ${folder} is full. Free some space, then start again: nothing is lost.`;
    case 'EMFILE':
    case 'ENFILE':
      return 'This user may not open more files. Raise the limit (ulimit -n), then start again.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
    case 'SQLITE_CANTOPEN':
      return `Something in ${folder} cannot be written by this user. Give the folder to the user Espejo runs as, or mount it writable. If it is port ${port} that may not be opened, set API_PORT to one above 1023.`;
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
      return `In ${folder} there is a file in place of a folder, or the reverse. Move it away, or set ESPEJO_DATA_DIR to another place.`;
    default:
      break;
  }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
    return `A database in ${folder} is damaged. Restore a backup (npm run restore -- <folder of the backup>), which keeps what is there now.`;
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return `Another process holds the database in ${folder}. Start again when it has ended.`;
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN'))
    return describeCode('SQLITE_READONLY', { dataDir, host, port });
  if (code.startsWith('SQLITE_IOERR'))
    return `The disk of ${folder} fails, or is full. Look at the disk, then start again.`;
  return null;
}

function chainOf(cause: unknown): Error[] {
  const chain: Error[] = [];
  for (let error = cause; error instanceof Error && chain.length < 5; error = error.cause) chain.push(error);
  return chain;
}
