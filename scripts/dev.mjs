/**
 * `npm run dev`: the API and the console from their sources, on the ports and the data folder of `npm start`. The API
 * starts again when its code changes; pages are built as they are asked for and change in the browser.
 */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { API_ARGS } from './lib/api-args.mjs';
import { runCli } from './lib/cli.mjs';
import { runEspejo } from './lib/run-espejo.mjs';

const WATCH_NODE = fileURLToPath(new URL('./lib/watch-node.mjs', import.meta.url));
/** What the API is made of. A package it does not use, `ui` for one, is not among them. */
const API_FOLDERS = [
  'apps/api/src',
  ...['contracts', 'core', 'db', 'retrieval', 'sandbox', 'upstream'].map(sourceOf),
  'migrations',
];

runCli(() =>
  runEspejo({
    apiArgs: [WATCH_NODE, ...API_FOLDERS, '--', ...API_ARGS],
    consoleArgs: ['src/server/main.ts', '--dev'],
    nodeEnv: 'development',
    // Code that does not run may be mended: it is waited for until Ctrl+C.
    readyTimeoutMs: Number.POSITIVE_INFINITY,
    onOutput: (chunk) => process.stdout.write(chunk),
  }),
);

/** @param {string} name */
function sourceOf(name) {
  return `packages/${name}/src`;
}
