import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogFile } from './log-file.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espejo-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('openLogFile', () => {
  it('appends, for its owner only, and shows the last lines', () => {
    const path = join(folder, 'logs', 'api.log');
    openLogFile(path).write(Buffer.from('one\ntwo\n'));
    const log = openLogFile(path);
    log.write(Buffer.from('three\n'));
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\n');
    expect(log.tail(2)).toBe('two\nthree');
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('keeps the file and one before it, each within 10 MB', () => {
    const path = join(folder, 'api.log');
    const log = openLogFile(path);
    const chunk = Buffer.alloc(4 * 1024 * 1024, 'x');
    for (let written = 0; written < 7; written++) log.write(chunk);
    expect(statSync(path).size).toBeLessThanOrEqual(10 * 1024 * 1024);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(10 * 1024 * 1024);
    expect(existsSync(`${path}.2`)).toBe(false);
  });

  it('has an empty tail before its first line', () => {
    expect(openLogFile(join(folder, 'none.log')).tail()).toBe('');
  });
});
