import { describe, expect, it } from 'vitest';
import { mimeTypeOf } from './mime-type.ts';

describe('the MIME type of a file', () => {
  it.each(['app.ts', 'app.mts', 'app.tsx', 'lib.rs', 'a.py', 'run.sh', 'q.SQL', 'a.php', 'Cargo.toml'])(
    'is text for source code: %s',
    (filename) => {
      for (const given of [null, '', 'application/octet-stream', 'video/mp2t', 'application/x-sh', 'application/sql']) {
        expect(mimeTypeOf(filename, given)).toMatch(/^text\//);
      }
    },
  );

  it.each([
    ['a.pdf', null, 'application/pdf'],
    ['a.pdf', 'application/octet-stream', 'application/pdf'],
    ['a.md', null, 'text/markdown'],
    ['a.bin', 'text/plain; charset=utf-8', 'text/plain; charset=utf-8'],
    ['film.mp4', null, 'video/mp4'],
    ['app.ts', 'text/plain', 'text/plain'],
    ['nothing', null, null],
    ['nothing', 'application/octet-stream', 'application/octet-stream'],
  ])('of %s, sent as %s, is %s', (filename, given, type) => {
    expect(mimeTypeOf(filename, given)).toBe(type);
  });
});
