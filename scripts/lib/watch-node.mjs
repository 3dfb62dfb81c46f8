/**
 * `node watch-node.mjs <folder>… -- <args>`: runs Node with the arguments, and again when a source in one of the folders
 * changes. A program that ended is started at the next change. Ends, with the program, on a signal or when its parent
 * process is gone.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import process from 'node:process';
import { isSource } from './is-source.mjs';

/** An editor or git writes several files; they are one change until none follows for this long. */
const QUIET_MS = 150;
const KILL_AFTER_MS = 15_000;

const separator = process.argv.indexOf('--');
const folders = process.argv.slice(2, separator);
const args = process.argv.slice(separator + 1);

/** @type {import('node:child_process').ChildProcess | undefined} */
let child;
/** @type {Promise<void>} */
let ended = Promise.resolve();
let isStopping = false;
let isRestarting = false;

/** @type {NodeJS.Timeout | undefined} */
let quiet;
for (const folder of folders) {
  watch(folder, { recursive: true }, (_event, name) => {
    if (name === null || !isSource(name)) return;
    clearTimeout(quiet);
    quiet = setTimeout(() => void restart(name), QUIET_MS);
  });
}
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => void stop());
if (process.channel !== undefined) process.on('disconnect', () => void stop());
start();

function start() {
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child = started;
  ended = new Promise((resolve) => {
    started.once('error', (error) => {
      console.error(`The program could not be started: ${error.message}`);
      resolve();
    });
    started.once('close', (code, signal) => {
      resolve();
      if (isStopping || isRestarting) return;
      console.error(`The program ended (${signal ?? `code ${code}`}). It is restarted when a source changes.`);
    });
  });
}

/** @param {string} name */
async function restart(name) {
  // A running restart will read this change as well.
  if (isStopping || isRestarting) return;
  isRestarting = true;
  await end();
  isRestarting = false;
  if (isStopping) return;
  console.log(`${name} changed; restarting.`);
  start();
}

async function stop() {
  if (isStopping) return;
  isStopping = true;
  await end();
  process.exit(0);
}

/** Stops the program with a signal, and kills it if it does not end. */
async function end() {
  if (process.platform === 'win32' && child?.connected) child.disconnect();
  else child?.kill('SIGTERM');
  const timer = setTimeout(() => child?.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(timer);
}
