import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from './file-lock.mjs';
import { ROOT } from './paths.mjs';

/** Prints its process id and the text of the watched source. */
const PROGRAM = `
  import { readFileSync } from 'node:fs';
  process.on('SIGTERM', () => process.exit(0));
  setInterval(() => {}, 1000);
  const text = readFileSync(new URL('./src/deep/value.ts', import.meta.url), 'utf8');
  if (text === 'broken') process.exit(3);
  console.log('pid ' + process.pid + ' has ' + text);
`;

let folder: string;
let watcher: ChildProcess;
let output: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espejo-watch-'));
  mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
  write('one');
  output = '';
});
afterEach(async () => {
  if (watcher.exitCode === null && watcher.signalCode === null) {
    const ended = once(watcher, 'exit');
    watcher.kill('SIGTERM');
    await ended;
  }
  rmSync(folder, { recursive: true });
});

const write = (text: string) => writeFileSync(join(folder, 'src', 'deep', 'value.ts'), text);
function start() {
  const args = [join(ROOT, 'scripts/lib/watch-node.mjs'), join(folder, 'src'), '--', join(folder, 'program.mjs')];
  watcher = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const read = (chunk: Buffer) => {
    output += chunk.toString();
  };
  watcher.stdout?.on('data', read);
  watcher.stderr?.on('data', read);
}
/** The process id of the program that read this text. */
async function untilRunsWith(text: string): Promise<number> {
  for (;;) {
    const pid = new RegExp(`pid (\\d+) has ${text}`).exec(output)?.[1];
    if (pid !== undefined) return Number(pid);
    await sleep(10);
  }
}
async function untilGone(pid: number) {
  while (isAlive(pid)) await sleep(10);
}

describe('watch-node', () => {
  it('restarts the program when a source changes, after the previous one has ended', async () => {
    start();
    const first = await untilRunsWith('one');
    write('two');
    const second = await untilRunsWith('two');
    expect(isAlive(first)).toBe(false);
    expect(isAlive(second)).toBe(true);
    expect(output).toContain('value.ts changed');
  });

  it('restarts a program that ended on an error when its source changes', async () => {
    start();
    await untilRunsWith('one');
    write('broken');
    while (!output.includes('The program ended (code 3)')) await sleep(10);
    write('three');
    expect(isAlive(await untilRunsWith('three'))).toBe(true);
  });

  it('ends the program and itself on a signal', async () => {
    start();
    const pid = await untilRunsWith('one');
    watcher.kill('SIGTERM');
    expect(await once(watcher, 'exit')).toEqual([0, null]);
    expect(isAlive(pid)).toBe(false);
  });

  it('ends the program and itself when its parent process is gone', async () => {
    start();
    const pid = await untilRunsWith('one');
    const ended = once(watcher, 'exit');
    watcher.disconnect();
    await ended;
    await untilGone(pid);
  });
});
