import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DatabaseFacts, type DataFolderFacts, judgeStart, type PartFacts } from './judge-start.ts';

const MISSING = { state: 'missing' } as const;
const OURS = { state: 'ok', installation: 'inst_ours' } as const;
const THEIRS = { state: 'ok', installation: 'inst_theirs' } as const;
const EMPTY_PART: PartFacts = { access: 'missing', mark: MISSING, hasContent: false };
const FULL_PART: PartFacts = { access: 'ok', mark: OURS, hasContent: true };
const DATABASE: DatabaseFacts = {
  state: 'ok',
  installation: 'inst_ours',
  namesContent: true,
  namesIndexes: true,
  isSealed: true,
};
const NEW: DataFolderFacts = {
  path: '/data',
  access: 'ok',
  mark: MISSING,
  database: { state: 'missing' },
  databaseLog: 'none',
  blobs: EMPTY_PART,
  stores: EMPTY_PART,
  hasSecretFile: false,
  secret: { place: 'file', access: 'missing', length: 0, isRight: null },
  hasCaches: false,
  isRestoreUnfinished: false,
};
const WHOLE: DataFolderFacts = {
  ...NEW,
  mark: OURS,
  database: DATABASE,
  blobs: FULL_PART,
  stores: FULL_PART,
  hasSecretFile: true,
  secret: { place: 'file', access: 'ok', length: 43, isRight: true },
  hasCaches: true,
};
const refusal = (facts: DataFolderFacts) => {
  const result = judgeStart(facts);
  return result.kind === 'refuse' ? result.message : null;
};

describe('a start', () => {
  it('is allowed on a new folder and on a complete one', () => {
    expect(judgeStart(NEW)).toEqual({ kind: 'start', isNew: true, warnings: [] });
    expect(judgeStart({ ...NEW, access: 'missing' })).toMatchObject({ kind: 'start' });
    expect(judgeStart(WHOLE)).toEqual({ kind: 'start', isNew: false, warnings: [] });
  });

  it('never creates a new database beside data of an installation', () => {
    const evidence = fc.record({
      mark: fc.constantFrom(MISSING, OURS, { state: 'damaged' } as const),
      blobs: fc.constantFrom(EMPTY_PART, FULL_PART, { ...EMPTY_PART, access: 'ok' as const }),
      stores: fc.constantFrom(EMPTY_PART, FULL_PART),
      hasSecretFile: fc.boolean(),
      hasCaches: fc.boolean(),
      databaseLog: fc.constantFrom('none' as const, 'ok' as const, 'garbage' as const),
    });
    fc.assert(
      fc.property(evidence, fc.constantFrom('missing', 'empty', 'unmigrated'), (found, state) => {
        const isLeft =
          found.mark.state !== 'missing' ||
          [found.blobs, found.stores].some((part) => part.hasContent || part.mark.state !== 'missing') ||
          found.hasSecretFile ||
          found.hasCaches ||
          // The log of an unmigrated database was read with it.
          (found.databaseLog !== 'none' && state !== 'unmigrated');
        const message = refusal({ ...NEW, ...found, database: { state } });
        if (found.databaseLog === 'garbage' && state !== 'missing')
          expect(message).toMatch(/espejo\.db-wal.*is damaged/);
        else if (isLeft)
          expect(message).toMatch(/an installation has left data.*npm run restore.*npm run confirm -- new-database/);
        else expect(message).toBeNull();
      }),
    );
  });

  it.each([
    ['a restore that was cut short', { isRestoreUnfinished: true }, /restore .* was cut short.*npm run restore/],
    ['a file in place of the folder', { access: 'wrong_kind' }, /data folder \/data is not a folder/],
    ['a folder that cannot be written', { access: 'unwritable' }, /cannot be written by this user/],
    ['a database of a newer version', { database: { state: 'newer' } }, /newer version.*Update Espejo, or restore/],
    ['a database of another application', { database: { state: 'foreign' } }, /another application/],
    ['garbage instead of a database', { database: { state: 'no_database' } }, /is not a database.*npm run restore/],
    ['a database without its end', { database: { state: 'cut_short' } }, /cut short.*npm run restore/],
    ['a damaged log', { databaseLog: 'garbage' }, /espejo\.db-wal.*damaged/],
    [
      'blobs of another installation',
      { blobs: { ...FULL_PART, mark: THEIRS } },
      /blobs belong to another installation/,
    ],
    ['a database of another installation', { database: { ...DATABASE, installation: 'x' } }, /belong to another/],
    ['no contents', { blobs: { ...FULL_PART, hasContent: false } }, /has none of their contents.*missing-blobs/],
    ['no indexes', { stores: EMPTY_PART }, /has none of their indexes.*missing-stores/],
  ] as const)('is refused because of %s', (_, facts, message) => {
    expect(refusal({ ...WHOLE, ...(facts as Partial<DataFolderFacts>) })).toMatch(message);
  });

  it.each([
    ['missing beside data encrypted with it', { access: 'missing', length: 0 }, /secret .* is missing.*new-secret/],
    ['empty', { length: 0 }, /is empty/],
    ['short', { length: 31 }, /31 characters.*rotate-secret/],
    ['of another installation', { isRight: false }, /not the secret that the database was encrypted with/],
  ] as const)('is refused because of a secret file that is %s', (_, secret, message) => {
    expect(refusal({ ...WHOLE, secret: { ...WHOLE.secret, ...secret } })).toMatch(message);
  });

  it('accepts a short secret in the environment from older installations, with a warning, and refuses it from new ones', () => {
    const secret = { place: 'environment', access: 'ok', length: 16, isRight: true } as const;
    expect(judgeStart({ ...WHOLE, secret })).toMatchObject({ warnings: [expect.stringMatching(/16 characters/)] });
    expect(refusal({ ...NEW, secret })).toMatch(/needs at least 32/);
    expect(refusal({ ...WHOLE, secret: { ...secret, isRight: false } })).toMatch(/ESPEJO_SECRET is not the secret/);
  });

  it('repairs a mark that is missing or damaged if everything else agrees', () => {
    expect(refusal({ ...WHOLE, mark: MISSING })).toBeNull();
    expect(refusal({ ...WHOLE, blobs: { ...FULL_PART, mark: { state: 'damaged' } } })).toBeNull();
  });
});
