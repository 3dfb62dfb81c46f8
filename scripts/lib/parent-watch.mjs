import { readFileSync } from 'node:fs';
import process from 'node:process';
import { isAlive } from './file-lock.mjs';

const POLL_MS = 100;
const SHELLS = new Set(['sh', 'ash', 'bash', 'busybox', 'dash', 'zsh']);

/**
 * Calls back once when the npm that runs this script is gone. npm starts scripts through a shell, `npm > sh > script`,
 * which does not forward signals: `kill` of npm ends the shell but not the script (`'terminated'`: stop gracefully), `kill -9`
 * of npm ends nothing below it (`'killed'`: exit at once, because a new process may need the port). A script that was not
 * started by npm is not watched.
 * @param {(how: 'terminated' | 'killed') => void} callback
 */
export function onParentGone(callback) {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined || parent <= 1) return;
  const shell = readProcess(parent);
  const isShell = shell !== null && SHELLS.has(shell.name);
  const timer = setInterval(() => {
    const how = isParentGone(parent)
      ? isShell
        ? 'terminated'
        : 'killed'
      : isShell && readProcess(parent)?.parent !== shell.parent
        ? 'killed'
        : null;
    if (how === null) return;
    clearInterval(timer);
    callback(how);
  }, POLL_MS);
  timer.unref();
}

/** POSIX gives orphans another parent; Windows keeps the old id, so check that it runs. @param {number} parent */
function isParentGone(parent) {
  return process.ppid !== parent || (process.platform === 'win32' && !isAlive(parent));
}

/**
 * Name and parent of a process from /proc (Linux); null elsewhere, where the usual `sh`
 * replaces itself by the script.
 * @param {number} pid
 * @returns {{ name: string, parent: number } | null}
 */
function readProcess(pid) {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return name === undefined ? null : { name, parent: Number(parent) };
  } catch {
    return null;
  }
}
