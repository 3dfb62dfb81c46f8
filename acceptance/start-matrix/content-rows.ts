import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { at, closed, eachFile, empty, GARBAGE, type Row, remove, takeFromOther, write } from './damage.ts';

/** The content of files, unfinished uploads, and the indexes of stores. */
export const CONTENT_ROWS: readonly Row[] = [
  {
    part: '`blobs/`',
    state: 'missing',
    outcome: 'refuses: mount its volume, restore, or continue without',
    damage: remove('blobs'),
    refusal: /has none of their contents.*missing-blobs/,
  },
  {
    part: '`blobs/`',
    state: 'empty',
    outcome: 'refuses: mount its volume, restore, or continue without',
    damage: empty('blobs'),
    refusal: /has none of their contents.*missing-blobs/,
  },
  {
    part: '`blobs/`',
    state: 'a truncated content file',
    outcome: 'starts; checked when it is read',
    damage: eachFile('blobs', /[0-9a-f]{64}$/, (path) => truncateSync(path, 3)),
    isWithoutFile: true,
  },
  {
    part: '`blobs/`',
    state: 'garbage beside the content files',
    outcome: 'starts, and leaves it',
    damage: write('blobs/garbage', GARBAGE),
  },
  {
    part: '`blobs/`',
    state: 'read-only',
    outcome: 'refuses: give it to the user',
    damage: closed('blobs', 0o500),
    refusal: /folder blobs .* cannot be written/,
    isUnprivileged: true,
  },
  {
    part: '`blobs/`',
    state: 'of another installation',
    outcome: 'refuses: mount the right one, restore, or confirm that they belong together',
    damage: takeFromOther('blobs'),
    refusal: /blobs belong to another installation/,
  },
  {
    part: '`blobs/`',
    state: 'a file',
    outcome: 'refuses: move it away',
    damage: (folder) => {
      rmSync(at(folder, 'blobs'), { recursive: true });
      write('blobs', 'a file')(folder);
    },
    refusal: /folder blobs .* is not a folder/,
  },
  {
    part: 'unfinished uploads',
    state: 'an unfinished write in `blobs/tmp`',
    outcome: 'starts, and removes it',
    damage: (folder) => {
      mkdirSync(at(folder, 'blobs', 'tmp'), { recursive: true });
      write('blobs/tmp/half', 'half of someth')(folder);
    },
    replaced: /^blobs\/tmp\//,
  },
  {
    part: '`stores/`',
    state: 'missing',
    outcome: 'refuses: mount its volume, restore, or ingest the files again',
    damage: remove('stores'),
    refusal: /has none of their indexes.*missing-stores/,
  },
  {
    part: '`stores/`',
    state: 'empty',
    outcome: 'refuses: mount its volume, restore, or ingest the files again',
    damage: empty('stores'),
    refusal: /has none of their indexes.*missing-stores/,
  },
  {
    part: '`stores/`',
    state: 'an index truncated',
    outcome: 'starts; searches of that store fail, the rest works',
    damage: eachFile('stores', /\.db$/, (path) => truncateSync(path, 1_000)),
  },
  {
    part: '`stores/`',
    state: 'an index of garbage',
    outcome: 'starts; searches of that store fail, the rest works',
    damage: eachFile('stores', /\.db$/, (path) => writeFileSync(path, GARBAGE)),
  },
  {
    part: '`stores/`',
    state: 'read-only',
    outcome: 'refuses: give it to the user',
    damage: closed('stores', 0o500),
    refusal: /folder stores .* cannot be written/,
    isUnprivileged: true,
  },
  {
    part: '`stores/`',
    state: 'of another installation',
    outcome: 'refuses: mount the right one, restore, or confirm that they belong together',
    damage: takeFromOther('stores'),
    refusal: /stores belong to another installation/,
  },
];
