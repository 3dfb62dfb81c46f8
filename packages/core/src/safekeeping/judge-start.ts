/** Whether Espejo may start on a data folder, judged from what is in it before anything is written. */

/** A file or folder as this user finds it. */
export type Access = 'missing' | 'ok' | 'wrong_kind' | 'unreadable' | 'unwritable';

/** The mark that names whose a folder is. */
export type Mark = { readonly state: 'missing' | 'damaged' } | { readonly state: 'ok'; readonly installation: string };

export interface PartFacts {
  readonly access: Access;
  readonly mark: Mark;
  /** There is at least one content, or one index, in it. */
  readonly hasContent: boolean;
}

export type DatabaseFacts =
  | { readonly state: 'missing' | 'empty' }
  | {
      readonly state:
        | 'unreadable'
        | 'unwritable'
        | 'unmigrated'
        | 'no_database'
        | 'cut_short'
        | 'foreign'
        | 'newer'
        | 'busy';
    }
  | { readonly state: 'damaged'; readonly reason: string }
  | {
      readonly state: 'ok';
      /** Null: no version that marks its folder has been here yet. */
      readonly installation: string | null;
      /** Some file or upload has content in `blobs`. */
      readonly namesContent: boolean;
      /** Some file has been taken into an index in `stores`. */
      readonly namesIndexes: boolean;
      /** Something in it was sealed under the secret. */
      readonly isSealed: boolean;
    };

export interface SecretFacts {
  /** In the environment, or in the data folder. */
  readonly place: 'environment' | 'file';
  readonly access: Access;
  readonly length: number;
  /** Whether it opens what the database keeps to tell it by; null: there is nothing to tell it by. */
  readonly isRight: boolean | null;
}

export interface DataFolderFacts {
  readonly path: string;
  readonly access: Access;
  readonly mark: Mark;
  readonly database: DatabaseFacts;
  /** The log of the database beside it, `espejo.db-wal`: none, or nothing in it; or something that is no such log. */
  readonly databaseLog: 'none' | 'ok' | 'garbage';
  readonly blobs: PartFacts;
  readonly stores: PartFacts;
  /** A file named `secret`, whatever is in it and whether it is used. */
  readonly hasSecretFile: boolean;
  readonly secret: SecretFacts;
  /** What could be made again, but tells that an installation was here. */
  readonly hasCaches: boolean;
  /** A restore was begun here and has not ended. */
  readonly isRestoreUnfinished: boolean;
}

export type StartVerdict =
  | { readonly kind: 'start'; readonly isNew: boolean; readonly warnings: readonly string[] }
  /** A sentence that says what is wrong and what to do. */
  | { readonly kind: 'refuse'; readonly message: string };

/** A new secret has at least so many characters. Older installations may go on with a shorter one in the environment. */
export const SECRET_LENGTH_MIN = 32;

const RESTORE = 'npm run restore -- <folder of the backup>';

/**
 * Judges a start. What is missing is never taken for "there is nothing": a database that is not there beside content, or content
 * that is not there beside a database, is more often a volume that is not mounted or half a restore.
 */
export function judgeStart(facts: DataFolderFacts): StartVerdict {
  const message =
    judgeFolder(facts) ??
    judgeDatabase(facts) ??
    judgeAbsence(facts) ??
    judgeOwner(facts) ??
    judgeParts(facts) ??
    judgeSecret(facts);
  if (message !== null) return { kind: 'refuse', message };
  const { secret } = facts;
  const isShort = secret.place === 'environment' && secret.length < SECRET_LENGTH_MIN;
  return {
    kind: 'start',
    isNew: facts.database.state !== 'ok',
    warnings: isShort
      ? [
          `ESPEJO_SECRET has ${secret.length} characters, and less than ${SECRET_LENGTH_MIN} can be guessed. Rotate to a longer one: npm run rotate-secret.`,
        ]
      : [],
  };
}

function judgeFolder({ path, access, isRestoreUnfinished }: DataFolderFacts): string | null {
  const fault = describeAccess(access, `The data folder ${path}`, 'folder');
  if (fault !== null) return fault;
  return isRestoreUnfinished
    ? `A restore into ${path} was cut short. Run it again: ${RESTORE}. What was there before is in a folder before-restore-….`
    : null;
}

function judgeDatabase({ path, database, databaseLog }: DataFolderFacts): string | null {
  const name = `The database espejo.db in ${path}`;
  const restore = `Restore a backup (${RESTORE}), which keeps what is there now.`;
  switch (database.state) {
    case 'unreadable':
    case 'unwritable':
      return describeAccess(database.state, name, 'file');
    case 'no_database':
      return `${name} is no database. ${restore}`;
    case 'cut_short':
      return `${name} is cut short: its end is missing. ${restore}`;
    case 'damaged':
      return `${name} is damaged (${database.reason}). ${restore}`;
    case 'foreign':
      return `${name} belongs to another application. Set ESPEJO_DATA_DIR to the folder of Espejo.`;
    case 'newer':
      return `${name} was made by a newer version of Espejo. Update Espejo, or restore a backup that this version made (${RESTORE}).`;
    case 'busy':
      return `${name} is held by another process, such as a rotation of the secret. Start again when that has ended.`;
    default:
      return databaseLog === 'garbage' && database.state !== 'missing'
        ? `The file espejo.db-wal in ${path}, which holds the newest changes of the database, is damaged. ${restore} To go on without these changes, move that file away.`
        : null;
  }
}

/** A database that would be new beside what an installation has left. */
function judgeAbsence(facts: DataFolderFacts): string | null {
  if (facts.database.state === 'ok') return null;
  const left = [
    ...(facts.blobs.hasContent ? ['blobs'] : []),
    ...(facts.stores.hasContent ? ['stores'] : []),
    ...(facts.hasSecretFile ? ['secret'] : []),
    // The log of an unmigrated database was read with it, and holds at most a first migration that was not committed.
    ...(facts.databaseLog !== 'none' && facts.database.state !== 'unmigrated' ? ['espejo.db-wal'] : []),
    ...([facts.mark, facts.blobs.mark, facts.stores.mark].some(({ state }) => state !== 'missing')
      ? ['the mark of an installation']
      : []),
    ...(facts.hasCaches ? ['derived or embeddings.db'] : []),
  ];
  if (left.length === 0) return null;
  const what = facts.database.state === 'missing' ? 'There is no database' : 'The database is empty';
  return `${what} in ${facts.path}, but an installation has left data there: ${left.join(', ')}. Mount the volume with espejo.db, or restore a backup (${RESTORE}). To begin anew, npm run confirm -- new-database moves what is there aside and deletes nothing.`;
}

/** Parts of different installations. */
function judgeOwner(facts: DataFolderFacts): string | null {
  const owner = facts.database.state === 'ok' ? facts.database.installation : null;
  const marks = { 'the data folder': facts.mark, blobs: facts.blobs.mark, stores: facts.stores.mark };
  const others = Object.entries(marks).flatMap(([name, mark]) => (mark.state === 'ok' ? [{ name, ...mark }] : []));
  const [first] = others;
  const expected = owner ?? first?.installation;
  const strange = others.filter(({ installation }) => installation !== expected).map(({ name }) => name);
  if (strange.length === 0) return null;
  return `In ${facts.path}, ${strange.join(' and ')} belong to another installation than ${owner === null ? first?.name : 'the database'}. Mount the right volume, or restore a backup (${RESTORE}). If they do belong together, npm run confirm -- folder says so.`;
}

function judgeParts(facts: DataFolderFacts): string | null {
  for (const name of ['blobs', 'stores'] as const) {
    const { access, hasContent } = facts[name];
    const fault = describeAccess(access, `The folder ${name} in ${facts.path}`, 'folder');
    if (fault !== null) return fault;
    if (facts.database.state !== 'ok' || hasContent) continue;
    const { namesContent, namesIndexes } = facts.database;
    if (name === 'blobs' && namesContent)
      return `The database in ${facts.path} has files, but the folder blobs has none of their contents. Mount its volume, or restore a backup (${RESTORE}). To go on without them, npm run confirm -- missing-blobs.`;
    if (name === 'stores' && namesIndexes)
      return `The database in ${facts.path} has files in stores, but the folder stores has none of their indexes. Mount its volume, or restore a backup (${RESTORE}). To have the files taken in again, npm run confirm -- missing-stores.`;
  }
  return null;
}

function judgeSecret({ path, secret, database }: DataFolderFacts): string | null {
  const isSealed = database.state === 'ok' && database.isSealed;
  const anew =
    'Without it, npm run confirm -- new-secret begins with a new one: stored keys must be entered again, and everybody signs in again.';
  const name = `The file secret in ${path}`;
  if (secret.place === 'file') {
    if (secret.access === 'missing')
      return isSealed
        ? `${name} is missing, and the database has what is sealed under it. Put it back, from a backup if need be. ${anew}`
        : null;
    const fault = describeAccess(secret.access === 'unwritable' ? 'ok' : secret.access, name, 'file');
    if (fault !== null) return fault;
    if (secret.length === 0) return `${name} is empty. Put it back, from a backup if need be. ${anew}`;
    if (secret.length < SECRET_LENGTH_MIN)
      return `${name} has ${secret.length} characters, fewer than ${SECRET_LENGTH_MIN}: it was cut short, or can be guessed. Put it back from a backup, or, if it is the one, replace it by npm run rotate-secret.`;
    if (secret.isRight === false)
      return `${name} is not the one that the database was sealed under. Put the right one back, from a backup if need be. ${anew}`;
    return null;
  }
  if (secret.isRight === false)
    return `ESPEJO_SECRET is not the secret that the database was sealed under. Set the right one; to change it, npm run rotate-secret. ${anew}`;
  if (database.state !== 'ok' && secret.length < SECRET_LENGTH_MIN)
    return `ESPEJO_SECRET has ${secret.length} characters; a new installation needs at least ${SECRET_LENGTH_MIN}. Leave it out to have one made.`;
  return null;
}

function describeAccess(access: Access, name: string, kind: 'file' | 'folder'): string | null {
  switch (access) {
    case 'wrong_kind':
      return `${name} is no ${kind}. Move what is there away, or set ESPEJO_DATA_DIR to another place.`;
    case 'unreadable':
      return `${name} cannot be read by this user. Give it to the user Espejo runs as.`;
    case 'unwritable':
      return `${name} cannot be written by this user. Give it to the user Espejo runs as, or mount it writable.`;
    default:
      return null;
  }
}
