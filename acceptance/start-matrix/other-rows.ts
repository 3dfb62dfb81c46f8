import { appendFileSync, mkdirSync } from 'node:fs';
import { at, CACHE, eachFile, GARBAGE, MARK, type Row, remove, takeFromOther, write } from './damage.ts';

/** The mark of the installation, caches and logs. */
export const OTHER_ROWS: readonly Row[] = [
  {
    part: '`installation.json`',
    state: 'missing',
    outcome: 'starts, and writes it again',
    damage: remove('installation.json', 'blobs/installation.json', 'stores/installation.json'),
  },
  {
    part: '`installation.json`',
    state: 'empty',
    outcome: 'starts, and writes it again',
    damage: write('installation.json', ''),
    replaced: MARK,
  },
  {
    part: '`installation.json`',
    state: 'garbage',
    outcome: 'starts, and writes it again',
    damage: write('blobs/installation.json', GARBAGE),
    replaced: MARK,
  },
  {
    part: '`installation.json`',
    state: 'of another installation',
    outcome: 'refuses: confirm that they belong together',
    damage: takeFromOther('installation.json'),
    refusal: /data folder belong to another installation/,
  },
  {
    part: '`embeddings.db`',
    state: 'garbage',
    outcome: 'starts; it is created again',
    damage: write('embeddings.db', GARBAGE),
    replaced: CACHE,
  },
  {
    part: '`derived/`',
    state: 'garbage',
    outcome: 'starts; unreadable entries are created again',
    damage: eachFile('derived', /~/, (path) => appendFileSync(path, 'x')),
    replaced: CACHE,
  },
  {
    part: '`logs/`',
    state: 'missing, empty or garbage',
    outcome: 'starts; never read',
    damage: (folder) => {
      mkdirSync(at(folder, 'logs'));
      write('logs/api.log', GARBAGE)(folder);
    },
  },
];
