/** Whether Espejo may start on a data folder, decided from its content before anything is written. */

/** A file or folder as this user can access it. */
export type Access = 'missing' | 'ok' | 'wrong_kind' | 'unreadable' | 'unwritable';

/** The mark that names the installation of a folder. */
export type Mark = { readonly state: 'missing' | 'damaged' } | { readonly state: 'ok'; readonly installation: string };

export interface PartFacts {
  readonly access: Access;
  readonly mark: Mark;
  /** It has at least one content, or one index. */
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
      /** Null: no version that marks its folder has run here yet. */
      readonly installation: string | null;
      /** Some file or upload has content in `blobs`. */
      readonly namesContent: boolean;
      /** A file is in an index in `stores`. */
      readonly namesIndexes: boolean;
      /** It has values encrypted with the secret. */
      readonly isSealed: boolean;
    };

export interface SecretFacts {
  /** In the environment, or in the data folder. */
  readonly place: 'environment' | 'file';
  readonly access: Access;
  readonly length: number;
  /** Whether it decrypts the check value in the database; null: there is none. */
  readonly isRight: boolean | null;
}

export interface DataFolderFacts {
  readonly path: string;
  readonly access: Access;
  readonly mark: Mark;
  readonly database: DatabaseFacts;
  /** The log beside the database, `espejo.db-wal`: none (or empty), valid, or not a log. */
  readonly databaseLog: 'none' | 'ok' | 'garbage';
  readonly blobs: PartFacts;
  readonly stores: PartFacts;
  /** A file named `secret`, whatever is in it and whether it is used. */
  readonly hasSecretFile: boolean;
  readonly secret: SecretFacts;
  /** Caches: they can be made again, but show that an installation was here. */
  readonly hasCaches: boolean;
  /** A restore was started here and has not finished. */
  readonly isRestoreUnfinished: boolean;
}

export type StartVerdict =
  | { readonly kind: 'start'; readonly isNew: boolean; readonly warnings: readonly string[] }
  /** A sentence that says what is wrong and what to do. */
  | { readonly kind: 'refuse'; readonly message: string };

/** The minimum length of a new secret. Older installations may keep a shorter one in the environment. */
export const SECRET_LENGTH_MIN = 32;

const RESTORE = 'npm run restore -- <folder of the backup>';

/**
 * Decides about a start. Missing data is never treated as a new installation: a missing database beside content, or
 * missing content beside a database, is more likely a volume that is not mounted or an unfinished restore.
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
          `ESPEJO_SECRET has ${secret.length} characters; fewer than ${SECRET_LENGTH_MIN} can be guessed. Rotate to a longer one: npm run rotate-secret.`,
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
      return `${name} is not a database. ${restore}`;
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

/** A database that would be created beside data of an installation. */
function judgeAbsence(facts: DataFolderFacts): string | null {
  if (facts.database.state === 'ok') return null;
  const left = [
    ...(facts.blobs.hasContent ? ['blobs'] : []),
    ...(facts.stores.hasContent ? ['stores'] : []),
    ...(facts.hasSecretFile ? ['secret'] : []),
    // The log of an unmigrated database was read with it, and has at most a first migration that was not committed.
    ...(facts.databaseLog !== 'none' && facts.database.state !== 'unmigrated' ? ['espejo.db-wal'] : []),
    ...([facts.mark, facts.blobs.mark, facts.stores.mark].some(({ state }) => state !== 'missing')
      ? ['the mark of an installation']
      : []),
    ...(facts.hasCaches ? ['derived or embeddings.db'] : []),
  ];
  if (left.length === 0) return null;
  const what = facts.database.state === 'missing' ? 'There is no database' : 'The database is empty';
  return `${what} in ${facts.path}, but an installation has left data there: ${left.join(', ')}. Mount the volume with espejo.db, or restore a backup (${RESTORE}). To start with a new database, npm run confirm -- new-database moves what is there aside and deletes nothing.`;
}

/** Parts of different installations. */
function judgeOwner(facts: DataFolderFacts): string | null {
  const owner = facts.database.state === 'ok' ? facts.database.installation : null;
  const marks = { 'the data folder': facts.mark, blobs: facts.blobs.mark, stores: facts.stores.mark };
  const others = Object.entries(marks).flatMap(([name, mark]) => (mark.state === 'ok' ? [{ name, ...mark }] : []));
  const [first] = others;
  const expected = owner ?? first?.installation;
  const foreign = others.filter(({ installation }) => installation !== expected).map(({ name }) => name);
  if (foreign.length === 0) return null;
  return `In ${facts.path}, ${foreign.join(' and ')} belong to another installation than ${owner === null ? first?.name : 'the database'}. Mount the right volume, or restore a backup (${RESTORE}). If they do belong together, npm run confirm -- folder says so.`;
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
      return `The database in ${facts.path} has files in stores, but the folder stores has none of their indexes. Mount its volume, or restore a backup (${RESTORE}). To have the files ingested again, npm run confirm -- missing-stores.`;
  }
  return null;
}

function judgeSecret({ path, secret, database }: DataFolderFacts): string | null {
  const isSealed = database.state === 'ok' && database.isSealed;
  const otherwise =
    'Without it, npm run confirm -- new-secret starts with a new one: stored keys must be entered again, and all users sign in again.';
  const name = `The file secret in ${path}`;
  if (secret.place === 'file') {
    if (secret.access === 'missing')
      return isSealed
        ? `${name} is missing, and the database has values that are encrypted with it. Put it back, from a backup if need be. ${otherwise}`
        : null;
    const fault = describeAccess(secret.access === 'unwritable' ? 'ok' : secret.access, name, 'file');
    if (fault !== null) return fault;
    if (secret.length === 0) return `${name} is empty. Put it back, from a backup if need be. ${otherwise}`;
    if (secret.length < SECRET_LENGTH_MIN)
      return `${name} has ${secret.length} characters, fewer than ${SECRET_LENGTH_MIN}: it was cut short, or can be guessed. Put it back from a backup, or, if it is the right one, replace it with npm run rotate-secret.`;
    if (secret.isRight === false)
      return `${name} is not the secret that the database was encrypted with. Put the right one back, from a backup if need be. ${otherwise}`;
    return null;
  }
  if (secret.isRight === false)
    return `ESPEJO_SECRET is not the secret that the database was encrypted with. Set the right one; to change it, npm run rotate-secret. ${otherwise}`;
  if (database.state !== 'ok' && secret.length < SECRET_LENGTH_MIN)
    return `ESPEJO_SECRET has ${secret.length} characters; a new installation needs at least ${SECRET_LENGTH_MIN}. Leave it out to have one made.`;
  return null;
}

function describeAccess(access: Access, name: string, kind: 'file' | 'folder'): string | null {
  switch (access) {
    case 'wrong_kind':
      return `${name} is not a ${kind}. Move what is there away, or set ESPEJO_DATA_DIR to another place.`;
    case 'unreadable':
      return `${name} cannot be read by this user. Give it to the user Espejo runs as.`;
    case 'unwritable':
      return `${name} cannot be written by this user. Give it to the user Espejo runs as, or mount it writable.`;
    default:
      return null;
  }
}
