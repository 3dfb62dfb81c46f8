import { closed, type Row, remove, takeFromOther, write } from './damage.ts';

/** The secret, in its file or in the environment. */
export const SECRET_ROWS: readonly Row[] = [
  {
    part: '`secret`',
    state: 'missing',
    outcome: 'refuses: restore it, or continue with a new one',
    damage: remove('secret'),
    refusal: /file secret .* is missing.*npm run confirm -- new-secret/,
  },
  {
    part: '`secret`',
    state: 'empty',
    outcome: 'refuses: restore it, or continue with a new one',
    damage: write('secret', ''),
    refusal: /file secret .* is empty/,
  },
  {
    part: '`secret`',
    state: 'truncated',
    outcome: 'refuses: restore it, or rotate it',
    damage: write('secret', 'abcde'),
    refusal: /has 5 characters.*npm run rotate-secret/,
  },
  {
    part: '`secret`',
    state: 'garbage',
    outcome: 'refuses: restore it, or continue with a new one',
    damage: write('secret', 'x'.repeat(43)),
    refusal: /not the secret that the database was encrypted with/,
  },
  {
    part: '`secret`',
    state: 'of another installation',
    outcome: 'refuses: restore it, or continue with a new one',
    damage: takeFromOther('secret'),
    refusal: /not the secret that the database was encrypted with/,
  },
  {
    part: '`secret`',
    state: 'read-only',
    outcome: 'starts; it is only read',
    damage: closed('secret', 0o400),
    isUnprivileged: true,
  },
  {
    part: '`secret`',
    state: 'readable by other users',
    outcome: 'starts, and restricts it to its owner',
    damage: closed('secret', 0o644),
  },
  {
    part: '`ESPEJO_SECRET`',
    state: 'another one',
    outcome: 'refuses: set the right one, rotate, or continue with a new one',
    damage: () => undefined,
    env: { ESPEJO_SECRET: 'y'.repeat(40) },
    refusal: /ESPEJO_SECRET is not the secret/,
  },
  {
    part: '`ESPEJO_SECRET`',
    state: 'short, in a new installation',
    outcome: 'refuses: at least 32 characters, or leave it out',
    from: 'nothing',
    damage: () => undefined,
    env: { ESPEJO_SECRET: 'sixteen letters.' },
    refusal: /needs at least 32/,
  },
];
