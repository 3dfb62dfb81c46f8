import { describe, expect, it } from 'vitest';
import { contentKind } from './content-kind.ts';

const kindOf = (filename: string, content: string | Uint8Array) => {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content);
  return contentKind({
    filename,
    sizeBytes: bytes.length,
    head: bytes.subarray(0, 4100),
    tail: bytes.subarray(-66_000),
  });
};

const HEADERS = 'From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n';

describe('contentKind', () => {
  it.each([
    ['notes.md', '%PDF-1.7 is how such files begin.', 'text'],
    ['notes.md', '{\\rtf1 is how such files begin.}', 'text'],
    ['notes.txt', 'PK\x03\x04 is how such files begin.', 'text'],
    ['notes.txt', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 are eight bytes', 'text'],
    ['notes.md', 'MIME-Version: 1.0\n\nis how messages begin.', 'text'],
    ['read.me', 'Dear reader: this is no header block\n\nat all.', 'text'],
  ])('treats %s that begins with %j as text', (name, content, kind) => {
    expect(kindOf(name, content)).toBe(kind);
  });

  it.each([
    ['a.pdf', '%PDF-1.7 cut off', 'pdf'],
    ['a.pdf', 'junk before it\n%PDF-1.7\n', 'pdf'],
    ['a.txt', '%PDF-1.7\n1 0 obj\nstartxref\n9\n%%EOF\n', 'pdf'],
    ['upload', '%PDF-1.7\n', 'pdf'],
    ['a.docx', 'PK\x03\x04…', 'package'],
    ['a.txt', 'PK\x03\x04…PK\x05\x06', 'package'],
    ['a.doc', '{\\rtf1\\ansi\\deff0 Words.}', 'rtf'],
    ['a.txt', '{\\rtf1\\ansi\\deff0 Words.}', 'rtf'],
    ['a.eml', `${HEADERS}\r\nWords.`, 'mime'],
    ['a.mht', `${HEADERS}\r\nWords.`, 'mime'],
    ['a.doc', `${HEADERS}\r\nWords.`, 'mime'],
    ['a.eml', 'From: a@example.org\nSubject: x\n\nWords.', 'mime'],
    ['a.md', `${HEADERS}\r\nWords.`, 'text'],
  ])('treats %s with %j as %s', (name, content, kind) => {
    expect(kindOf(name, content)).toBe(kind);
  });
});
