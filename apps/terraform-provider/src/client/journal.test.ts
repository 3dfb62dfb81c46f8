import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from './journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espejo-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = (pid: number, alive: readonly number[] = []) => openJournal(folder, pid, (other) => alive.includes(other));

describe('the journal of objects being created', () => {
  it('is empty when every object is in the state', () => {
    const journal = open(1);
    journal.close(journal.begin('store', 5));
    journal.end();
    expect(readdirSync(folder)).toEqual([]);
  });
  it('returns what a killed run created to the next run, once', () => {
    const killed = open(1);
    killed.made(killed.begin('store', 5), 'vs_1');
    killed.begin('file', 6);
    const next = open(2);
    expect(next.claim('store')).toEqual({ fingerprint: 'store', id: 'vs_1', atS: 5 });
    expect(next.claim('store')).toBeUndefined();
    expect(next.claim('file')).toEqual({ fingerprint: 'file', id: null, atS: 6 });
    next.end();
    expect(readdirSync(folder)).toEqual([]);
  });
  it('keeps entries that no run took over for a later run', () => {
    const killed = open(1);
    killed.made(killed.begin('store', 5), 'vs_1');
    open(2).end();
    expect(open(3).claim('store')).toMatchObject({ id: 'vs_1' });
  });
  it('does not return objects that a running process is creating', () => {
    const living = open(1);
    living.begin('store', 5);
    expect(open(2, [1]).claim('store')).toBeUndefined();
    expect(existsSync(join(folder, 'espejo-openai-1.jsonl'))).toBe(true);
  });
  it('records ids that are in the state, so that no other object is mistaken for them', () => {
    const killed = open(1);
    const entry = killed.begin('store', 5);
    killed.made(entry, 'vs_1');
    killed.close(entry);
    killed.begin('store', 6);
    expect([...open(2).knownIds]).toEqual(['vs_1']);
  });
  it('reads a journal with a truncated last line, and is readable by its owner only', () => {
    const killed = open(1);
    killed.made(killed.begin('store', 5), 'vs_1');
    const path = join(folder, 'espejo-openai-1.jsonl');
    appendFileSync(path, '{"act":"clo');
    expect(readFileSync(path, 'utf8')).toContain('vs_1');
    expect(open(2).claim('store')).toMatchObject({ id: 'vs_1' });
  });
});
