import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 250;
const WAIT_MAX_MS = 15 * 60_000;

/**
 * Runs `work` while holding a lock file, so that two commands started at once do not install or build into one
 * directory. The lock of a process that ended is taken over.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{ onWait?: () => void }} [options]
 * @returns {Promise<T>}
 */
export async function withFileLock(path, work, { onWait = () => {} } = {}) {
  const deadline = Date.now() + WAIT_MAX_MS;
  for (let isFirst = true; !tryAcquire(path); isFirst = false) {
    if (isFirst) onWait();
    if (Date.now() > deadline)
      throw new Error(`Another command has locked ${path}. If none is running, delete that file.`);
    await sleep(POLL_MS);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/** @param {string} path */
function tryAcquire(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
  const holder = readHolder(path);
  if (holder === null || isAlive(holder)) return false;
  // Renaming picks one winner among the processes that saw the dead holder; one that moved a fresh lock puts it back.
  const grave = `${path}.${process.pid}`;
  try {
    renameSync(path, grave);
  } catch {
    return false;
  }
  const buried = readHolder(grave);
  if (buried !== null && buried !== holder) renameSync(grave, path);
  else rmSync(grave, { force: true });
  return false;
}

/** @param {string} path */
function readHolder(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/**
 * Whether a process with this id runs, of any user. A zombie (common below a container's PID 1) counts as ended.
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
  try {
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/** @param {unknown} error @param {string} code */
function isErrno(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
