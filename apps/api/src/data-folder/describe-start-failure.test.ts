import { MigrationsMissing, NewerDatabase } from '@espejo/db';
import { expect, it } from 'vitest';
import { ConfigError } from '../config.ts';
import { describeStartFailure } from './describe-start-failure.ts';
import { StartFault } from './start-fault.ts';

const PLACE = { dataDir: '/data', host: '127.0.0.1', port: 4000 };
const withCode = (code: string) => Object.assign(new Error(`${code}: what the system says`), { code });

it.each([
  ['EADDRINUSE', /Port 4000 on 127\.0\.0\.1 is taken.*API_PORT/],
  ['EADDRNOTAVAIL', /not an address of this machine.*ESPEJO_HOST/],
  ['ENOSPC', /disk of the data folder \/data is full.*Free some space/],
  ['SQLITE_FULL', /disk of the data folder \/data is full/],
  ['EACCES', /cannot be written by this user/],
  ['EROFS', /cannot be written by this user.*mount it writable/],
  ['SQLITE_READONLY_DBMOVED', /cannot be written by this user/],
  ['SQLITE_CORRUPT_INDEX', /damaged.*npm run restore/],
  ['SQLITE_NOTADB', /damaged.*npm run restore/],
  ['SQLITE_BUSY', /Another process holds the database/],
  ['SQLITE_IOERR_WRITE', /disk of the data folder \/data fails/],
  ['ENOTDIR', /a file in place of a folder/],
  ['EMFILE', /ulimit -n/],
])('%s has a sentence that says what to do, also as the cause of another error', (code, sentence) => {
  for (const cause of [withCode(code), new Error('the query failed', { cause: withCode(code) })]) {
    const { message, isKnown } = describeStartFailure(cause, PLACE);
    expect(message).toMatch(sentence);
    expect([isKnown, message.includes('\n')]).toEqual([true, false]);
  }
});

it('errors with their own sentence are passed on, and unexpected ones are named', () => {
  for (const Fault of [ConfigError, StartFault, MigrationsMissing, NewerDatabase])
    expect(describeStartFailure(new Fault('A sentence.'), PLACE)).toEqual({ message: 'A sentence.', isKnown: true });
  expect(describeStartFailure(new TypeError('x is not a function'), PLACE)).toMatchObject({
    message: expect.stringMatching(/could not start: x is not a function\. .*LOG_LEVEL=debug/),
    isKnown: false,
  });
});
