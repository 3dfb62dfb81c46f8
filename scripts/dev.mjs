/**
 * `npm run dev`: the API and the console from their sources, on the ports and the data folder of `npm start`. The API
 * restarts when its code changes; pages are built on request and reload in the browser.
 */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { API_ARGS } from './lib/api-args.mjs';
import { runCli } from './lib/cli.mjs';
import { runEspejo } from './lib/run-espejo.mjs';

const WATCH_NODE = fileURLToPath(new URL('./lib/watch-node.mjs', import.meta.url));
/** Source folders of the API. Packages it does not use, for example `ui`, are left out. */
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
    // After an error in the code, wait for a change or Ctrl+C.
    readyTimeoutMs: Number.POSITIVE_INFINITY,
    onOutput: (chunk) => process.stdout.write(chunk),
  }),
);

/** @param {string} name */
function sourceOf(name) {
  return `packages/${name}/src`;
}
