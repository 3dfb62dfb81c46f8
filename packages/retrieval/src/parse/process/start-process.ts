import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface ProcessOptions {
  /** The memory limit of the process, as counted by the operating system. */
  readonly memoryMb: number;
  /** Folders whose files may be read, beside the parser's own code. */
  readonly readableFolders: readonly string[];
}

/** A parser process with its three pipes. */
export interface ParserProcess {
  readonly child: ChildProcess;
  readonly requests: Writable;
  readonly answers: Readable;
  readonly errors: Readable;
}

/** The rest of the limit is for JavaScript's heap; buffers and the engine need memory besides it. */
const ENGINE_OVERHEAD_MB = 128;
/**
 * The engine reserves this much address space, nearly all of it never used. The kernel counts it, so the kernel's limit
 * is that much higher than the memory limit.
 */
const RESERVED_MB = 640;
const OWN_FOLDER = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Starts a parser process: without the environment's settings and secrets, outside the working directory, able to read
 * the given folders and its own code, and unable to write files, to start programs and to load native code. If there is
 * a shell, the kernel limits its memory, and ends it first when the whole machine is short of memory.
 */
export function startProcess(entry: URL, options: ProcessOptions): ParserProcess {
  const { memoryMb } = options;
  const node = [
    ...permissions(options.readableFolders),
    `--max-old-space-size=${Math.max(32, memoryMb - ENGINE_OVERHEAD_MB)}`,
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
    fileURLToPath(entry),
    String(memoryMb),
    String(process.pid),
  ];
  const limits = `ulimit -d ${(memoryMb + RESERVED_MB) * 1024} 2>/dev/null; echo 1000 2>/dev/null >/proc/self/oom_score_adj; exec "$0" "$@"`;
  const [command, args] =
    process.platform === 'win32' ? [process.execPath, node] : ['/bin/sh', ['-c', limits, process.execPath, ...node]];
  const child = spawn(command, args, {
    cwd: parse(process.execPath).root,
    // Fewer arenas and threads: less unused memory.
    env: { MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '2' },
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const [requests, , errors, answers] = child.stdio;
  return { child, requests: requests as Writable, answers: answers as Readable, errors: errors as Readable };
}

function permissions(readableFolders: readonly string[]): string[] {
  const folders = [OWN_FOLDER, ...packageFolders(), ...readableFolders];
  return [
    '--permission',
    '--allow-worker',
    // A path is checked as given, before links in it are resolved.
    ...[...new Set(folders.flatMap((folder) => [resolve(folder), realpathSync(folder)]))].map(
      (folder) => `--allow-fs-read=${folder}${sep}*`,
    ),
  ];
}

/** Every folder in which packages are looked up, from this code's own upwards. */
function packageFolders(): string[] {
  const folders: string[] = [];
  for (let folder = OWN_FOLDER; folder !== dirname(folder); folder = dirname(folder)) {
    const packages = join(folder, 'node_modules');
    if (existsSync(packages)) folders.push(packages);
  }
  return folders;
}
