import process from 'node:process';
import { isAlive } from './file-lock.mjs';

const POLL_MS = 100;

/**
 * Calls back once when the npm that runs this script is gone. `kill -9` of npm reaches only npm: without this its
 * script, and the server below it, would live on and hold the port. Run by hand, a script outlives its shell as usual.
 * @param {() => void} callback
 */
export function onParentGone(callback) {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined || parent <= 1) return;
  const timer = setInterval(() => {
    // POSIX hands orphans to another parent; Windows keeps the old number, so ask whether it lives.
    if (process.ppid === parent && (process.platform !== 'win32' || isAlive(parent))) return;
    clearInterval(timer);
    callback();
  }, POLL_MS);
  timer.unref();
}
