import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { at, closed, inDatabase, type Row, remove } from './damage.ts';

/** The data folder as a whole. */
export const FOLDER_ROWS: readonly Row[] = [
  {
    part: 'the folder',
    state: 'missing',
    outcome: 'starts a new installation in a new folder',
    from: 'nothing',
    damage: remove('.'),
    isWithoutFile: true,
  },
  {
    part: 'the folder',
    state: 'empty',
    outcome: 'starts a new installation',
    from: 'nothing',
    damage: () => undefined,
    isWithoutFile: true,
  },
  {
    part: 'the folder',
    state: 'a file',
    outcome: 'refuses: name another folder',
    from: 'nothing',
    damage: (folder) => {
      rmSync(folder, { recursive: true });
      writeFileSync(folder, 'a file');
    },
    refusal: /data folder .* is not a folder/,
  },
  {
    part: 'the folder',
    state: 'read-only',
    outcome: 'refuses: give it to the user, or mount it writable',
    damage: closed('.', 0o500),
    refusal: /data folder .* cannot be written/,
    isUnprivileged: true,
  },
  {
    part: 'the folder',
    state: 'of another user',
    outcome: 'refuses: give it to the user',
    damage: closed('.', 0o000),
    refusal: /cannot be read by this user/,
    isUnprivileged: true,
  },
  {
    part: 'the folder',
    state: 'old: of a version without marks',
    outcome: 'starts, and marks it',
    damage: (folder) => {
      for (const name of ['.', 'blobs', 'stores']) rmSync(at(folder, name, 'installation.json'));
      inDatabase('delete from installation_fact')(folder);
    },
  },
  {
    part: 'the folder',
    state: 'a restore that was cut short',
    outcome: 'refuses: restore again',
    damage: (folder) => mkdirSync(at(folder, 'restore.partial')),
    refusal: /restore into .* was cut short/,
  },
];
