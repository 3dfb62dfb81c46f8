import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const SIZE_MAX_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 4_096;

/**
 * A rotating log file: at 10 MB it is renamed to `<path>.1`, replacing the previous one.
 * @param {string} path
 */
export function openLogFile(path) {
  makeFolder(dirname(path));
  let sizeBytes = existsSync(path) ? statSync(path).size : 0;
  return {
    path,
    /** @param {Buffer} chunk */
    write(chunk) {
      try {
        if (sizeBytes + chunk.length > SIZE_MAX_BYTES) {
          renameSync(path, `${path}.1`);
          sizeBytes = 0;
        }
        appendFileSync(path, chunk, { mode: 0o600 });
        sizeBytes += chunk.length;
      } catch {
        // A full disk must not stop the server that logs.
      }
    },
    /** The last lines, for an error message. */
    tail(lineCount = 15) {
      try {
        const file = openSync(path, 'r');
        const start = Math.max(0, statSync(path).size - TAIL_BYTES);
        const buffer = Buffer.alloc(TAIL_BYTES);
        const length = readSync(file, buffer, 0, TAIL_BYTES, start);
        closeSync(file);
        return buffer.toString('utf8', 0, length).trimEnd().split('\n').slice(-lineCount).join('\n');
      } catch {
        return '';
      }
    },
  };
}

/** @param {string} folder */
function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new Error(
      `The folder for logs, ${folder}, cannot be created (${code}). Give the data folder to this user, mount it writable, or set ESPEJO_DATA_DIR to another place.`,
      { cause },
    );
  }
}
