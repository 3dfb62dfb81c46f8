import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Access, DatabaseFacts, DataFolderFacts, PartFacts, SecretFacts } from '@espejo/core';
import { type ControlDatabaseReport, inspectControlDatabase, inspectDatabaseLog } from '@espejo/db';
import { isSecretRight } from '../secret/secret-check.ts';
import { openSecretFile } from '../secret/secret-file.ts';
import {
  INSTALLATION_FACT,
  Installation,
  MISSING_BLOBS_FACT,
  SECRET_CHECK_FACT,
  SecretCheck,
} from './installation-facts.ts';
import { MARK_NAME, readMark } from './marks.ts';

/** Where a restore assembles a backup before moving it into place. */
export const RESTORE_FOLDER = 'restore.partial';

/** The result for a folder that cannot be read, or does not exist. */
const NO_PART: PartFacts = { access: 'missing', mark: { state: 'missing' }, hasContent: false };
const NOTHING: Omit<DataFolderFacts, 'path' | 'access'> = {
  mark: { state: 'missing' },
  database: { state: 'missing' },
  databaseLog: 'none',
  blobs: NO_PART,
  stores: NO_PART,
  hasSecretFile: false,
  secret: { place: 'file', access: 'missing', length: 0, isRight: null },
  hasCaches: false,
  isRestoreUnfinished: false,
};

/** Inspects a data folder and writes nothing. `givenSecret` is that of the environment, or null. */
export function inspectDataFolder(path: string, givenSecret: string | null): DataFolderFacts {
  const at = (name: string) => join(path, name);
  const access = accessOf(path, 'folder');
  if (access !== 'ok' && access !== 'unwritable')
    return { ...NOTHING, path, access, secret: inspectSecret(path, givenSecret, { state: 'missing' }) };
  // The database is read last: another process that starts at this moment creates it first.
  const before = {
    path,
    access,
    mark: readMark(path),
    blobs: inspectPart(at('blobs'), hasBlob),
    stores: inspectPart(at('stores'), hasIndex),
    hasSecretFile: accessOf(at('secret'), 'file') !== 'missing',
    hasCaches: accessOf(at('embeddings.db'), 'file') !== 'missing' || namesIn(at('derived')).length > 0,
    isRestoreUnfinished: accessOf(at(RESTORE_FOLDER), 'folder') !== 'missing',
  };
  const database = inspectDatabase(at('espejo.db'));
  return {
    ...before,
    database: toDatabaseFacts(database),
    databaseLog: inspectDatabaseLog(at('espejo.db-wal')),
    secret: inspectSecret(path, givenSecret, database),
  };
}

type DatabaseReport = ControlDatabaseReport | { readonly state: 'unreadable' | 'unwritable' };

function inspectDatabase(path: string): DatabaseReport {
  const access = accessOf(path, 'file');
  if (access === 'unreadable' || access === 'unwritable') return { state: access };
  return access === 'wrong_kind' ? { state: 'no_database' } : inspectControlDatabase(path);
}

function toDatabaseFacts(report: DatabaseReport): DatabaseFacts {
  if (report.state !== 'ok') return report;
  const { facts, namesContent, namesIndexes, hasSealedKeys } = report;
  const installation = Installation.safeParse(facts[INSTALLATION_FACT]);
  const check = SecretCheck.safeParse(facts[SECRET_CHECK_FACT]);
  const isRenewed = check.success && 'isRenewed' in check.data;
  return {
    state: 'ok',
    installation: installation.success ? installation.data.id : null,
    namesContent: namesContent && facts[MISSING_BLOBS_FACT] === undefined,
    namesIndexes,
    isSealed: !isRenewed && (check.success || hasSealedKeys),
  };
}

function inspectSecret(path: string, given: string | null, database: DatabaseReport): SecretFacts {
  const check = database.state === 'ok' ? SecretCheck.safeParse(database.facts[SECRET_CHECK_FACT]) : null;
  const sealed = check?.success && 'sealed' in check.data ? check.data.sealed : null;
  const isRight = (secrets: readonly (string | null)[]) =>
    sealed === null ? null : secrets.some((secret) => secret !== null && isSecretRight(secret, sealed));
  if (given !== null) return { place: 'environment', access: 'ok', length: given.length, isRight: isRight([given]) };
  const access = accessOf(join(path, 'secret'), 'file');
  if (access !== 'ok' && access !== 'unwritable') return { place: 'file', access, length: 0, isRight: null };
  const file = openSecretFile(path);
  const current = file.current();
  // An interrupted rotation leaves the next secret beside the present one; the start finds out which is valid.
  return { place: 'file', access, length: current?.length ?? 0, isRight: isRight([current, file.next()]) };
}

function inspectPart(path: string, hasContentIn: (path: string) => boolean): PartFacts {
  const access = accessOf(path, 'folder');
  const isReadable = access === 'ok' || access === 'unwritable';
  return { access, mark: readMark(path), hasContent: isReadable && hasContentIn(path) };
}

const SHA256 = /^[0-9a-f]{64}$/;

function hasBlob(path: string): boolean {
  const isContentIn = (folder: string) => namesIn(folder).some((name) => SHA256.test(name));
  if (isContentIn(join(path, 'set-aside'))) return true;
  const pairs = (folder: string) => namesIn(folder).filter((name) => /^[0-9a-f]{2}$/.test(name));
  return pairs(path).some((outer) => pairs(join(path, outer)).some((inner) => isContentIn(join(path, outer, inner))));
}

/** Indexes are in `stores`, or one folder further down. */
function hasIndex(path: string): boolean {
  const isIndex = (name: string) => name.endsWith('.db');
  const names = namesIn(path);
  return names.some(isIndex) || names.some((name) => name !== MARK_NAME && namesIn(join(path, name)).some(isIndex));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function accessOf(path: string, kind: 'file' | 'folder'): Access {
  try {
    const found = statSync(path);
    if (kind === 'folder' ? !found.isDirectory() : !found.isFile()) return 'wrong_kind';
    const reading = kind === 'folder' ? constants.R_OK | constants.X_OK : constants.R_OK;
    accessSync(path, reading);
  } catch (cause) {
    return codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR' ? 'missing' : 'unreadable';
  }
  try {
    accessSync(path, constants.W_OK);
    return 'ok';
  } catch {
    return 'unwritable';
  }
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
}
