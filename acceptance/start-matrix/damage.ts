import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One row of the table in docs/operations.md: a part of the data folder, its state, and what a start does. */
export interface Row {
  readonly part: string;
  readonly state: string;
  /** The text in the table. */
  readonly outcome: string;
  /** The template folder of the row. Default `stopped`. */
  readonly from?: 'stopped' | 'killed' | 'nothing';
  readonly damage: (folder: string, other: string) => void;
  /** The expected error; undefined: it starts. */
  readonly refusal?: RegExp;
  /** Existing files that the start replaces: caches, or no data. */
  readonly replaced?: RegExp;
  /** Run as a user that file modes apply to. */
  readonly isUnprivileged?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** The content is lost: only the start is checked. */
  readonly isWithoutFile?: boolean;
}

export const GARBAGE = Buffer.from('garbage, and no word of it is right. '.repeat(400));
export const at = (...parts: string[]) => join(...parts);
export const remove =
  (...names: string[]) =>
  (folder: string) => {
    for (const name of names) rmSync(at(folder, name), { recursive: true });
  };
export const write = (name: string, content: string | Uint8Array) => (folder: string) =>
  writeFileSync(at(folder, name), content);
export const takeFromOther = (name: string) => (folder: string, other: string) => {
  rmSync(at(folder, name), { recursive: true });
  cpSync(at(other, name), at(folder, name), { recursive: true });
};
export const closed = (name: string, mode: number) => (folder: string) => chmodSync(at(folder, name), mode);
export const inDatabase = (sqlText: string) => (folder: string) => {
  const database = new DatabaseSync(at(folder, 'espejo.db'));
  database.exec(sqlText);
  database.close();
};
/** Every file in a folder, recursively. */
export const eachFile = (name: string, isWanted: RegExp, change: (path: string) => void) => (folder: string) => {
  for (const path of readdirSync(at(folder, name), { recursive: true, encoding: 'utf8' }))
    if (isWanted.test(path)) change(at(folder, name, path));
};
export const empty = (name: string) => (folder: string) => {
  rmSync(at(folder, name), { recursive: true });
  mkdirSync(at(folder, name));
};

export const NO_DATABASE = /There is no database in .*npm run restore.*npm run confirm -- new-database/;
export const REFUSES_RESTORE = 'refuses: restore a backup';
export const CACHE = /^(embeddings\.db|derived)/;
export const MARK = /^(blobs\/|stores\/)?installation\.json$/;
export const DATABASE_LOG = /^espejo\.db(-wal|-shm)?$/;
