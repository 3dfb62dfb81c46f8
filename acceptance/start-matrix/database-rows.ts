import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import {
  at,
  closed,
  DATABASE_LOG,
  GARBAGE,
  inDatabase,
  NO_DATABASE,
  REFUSES_RESTORE,
  type Row,
  remove,
  takeFromOther,
  write,
} from './damage.ts';

/** The database and the files that SQLite keeps beside it. */
export const DATABASE_ROWS: readonly Row[] = [
  {
    part: '`espejo.db`',
    state: 'missing',
    outcome: 'refuses: mount the volume, restore, or start over',
    damage: remove('espejo.db'),
    refusal: NO_DATABASE,
  },
  {
    part: '`espejo.db`',
    state: 'missing, and only `blobs` is left',
    outcome: 'refuses for the same reason',
    damage: remove('espejo.db', 'secret', 'stores', 'installation.json', 'embeddings.db'),
    refusal: NO_DATABASE,
  },
  {
    part: '`espejo.db`',
    state: 'missing, and only `secret` is left',
    outcome: 'refuses for the same reason',
    damage: remove('espejo.db', 'blobs', 'stores', 'installation.json', 'embeddings.db', 'derived'),
    refusal: NO_DATABASE,
  },
  {
    part: '`espejo.db`',
    state: 'empty',
    outcome: 'refuses: mount the volume, restore, or start over',
    damage: write('espejo.db', ''),
    refusal: /The database is empty in .*npm run restore/,
  },
  {
    part: '`espejo.db`',
    state: 'truncated',
    outcome: REFUSES_RESTORE,
    damage: (folder) => truncateSync(at(folder, 'espejo.db'), 65_536),
    refusal: /cut short.*npm run restore/,
  },
  {
    part: '`espejo.db`',
    state: 'garbage',
    outcome: REFUSES_RESTORE,
    damage: write('espejo.db', GARBAGE),
    refusal: /is not a database.*npm run restore/,
  },
  {
    part: '`espejo.db`',
    state: 'garbage in the middle',
    outcome: `${REFUSES_RESTORE} (found up to 64 MB)`,
    damage: (folder) => {
      const path = at(folder, 'espejo.db');
      const bytes = readFileSync(path);
      GARBAGE.copy(bytes, 40_960);
      writeFileSync(path, bytes);
    },
    refusal: /is damaged.*npm run restore/,
  },
  {
    part: '`espejo.db`',
    state: 'read-only',
    outcome: 'refuses: give it to the user',
    damage: closed('espejo.db', 0o400),
    refusal: /espejo\.db .* cannot be written/,
    isUnprivileged: true,
  },
  {
    part: '`espejo.db`',
    state: 'newer',
    outcome: 'refuses: update, or restore',
    damage: inDatabase("insert into __drizzle_migrations (hash, created_at) values ('later', 9999999999999)"),
    refusal: /newer version of Espejo/,
  },
  {
    part: '`espejo.db`',
    state: 'of another application',
    outcome: 'refuses: name the right folder',
    damage: (folder) => {
      rmSync(at(folder, 'espejo.db'));
      inDatabase('create table notes (text)')(folder);
    },
    refusal: /another application/,
  },
  {
    part: '`espejo.db`',
    state: 'of another installation',
    outcome: 'refuses: mount the right one, restore, or confirm that they belong together',
    damage: takeFromOther('espejo.db'),
    refusal: /belong to another installation than the database/,
  },
  {
    part: '`espejo.db-wal`',
    state: 'present after a kill',
    outcome: 'starts with every change in it',
    from: 'killed',
    damage: () => undefined,
    replaced: DATABASE_LOG,
  },
  {
    part: '`espejo.db-wal`',
    state: 'truncated',
    outcome: 'starts with the changes that are whole',
    from: 'killed',
    damage: (folder) =>
      truncateSync(at(folder, 'espejo.db-wal'), readFileSync(at(folder, 'espejo.db-wal')).length - 100),
    replaced: DATABASE_LOG,
  },
  {
    part: '`espejo.db-wal`',
    state: 'garbage',
    outcome: 'refuses: restore, or move it away',
    from: 'killed',
    damage: write('espejo.db-wal', GARBAGE),
    refusal: /espejo\.db-wal .* is damaged.*move that file away/,
  },
  {
    part: '`espejo.db-wal`',
    state: 'without its database',
    outcome: 'refuses: mount the volume, restore, or start over',
    from: 'killed',
    damage: remove('espejo.db', 'espejo.db-shm', 'secret', 'blobs', 'stores', 'installation.json'),
    refusal: NO_DATABASE,
  },
  {
    part: '`espejo.db-shm`',
    state: 'garbage',
    outcome: 'starts; it is created again',
    from: 'killed',
    damage: write('espejo.db-shm', GARBAGE),
    replaced: DATABASE_LOG,
  },
];
