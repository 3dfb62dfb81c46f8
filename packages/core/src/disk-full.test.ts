import { describe, expect, it } from 'vitest';
import { asDiskFull, diskFull, isDiskFull } from './disk-full.ts';
import { AppError } from './errors.ts';

const withCode = (code: string, cause?: unknown) => Object.assign(new Error('no', { cause }), { code });

describe('a full disk', () => {
  it.each(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])('is recognised by %s, at any depth of causes', (code) => {
    for (const failure of [withCode(code), new Error('outer', { cause: withCode(code) })]) {
      expect(isDiskFull(failure)).toBe(true);
      expect(asDiskFull(failure)).toMatchObject({ code: 'disk_full', status: 507, isRetryable: false, cause: failure });
    }
  });

  it('is not reported for any other error', () => {
    for (const failure of [withCode('ENOENT'), new Error('ENOSPC'), 'ENOSPC', null, undefined]) {
      expect(isDiskFull(failure)).toBe(false);
      expect(asDiskFull(failure)).toBe(failure);
    }
  });

  it('keeps the message of an error that already reports it', () => {
    const said = new AppError('database_full', 'Free some space.', { cause: withCode('SQLITE_FULL') });
    expect(asDiskFull(said)).toBe(said);
    expect([isDiskFull(said), isDiskFull(diskFull())]).toEqual([true, true]);
  });
});
