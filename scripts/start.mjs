/** `npm start`: installs and builds what is stale, then runs the API and the console until a signal. */
import { API_ARGS } from './lib/api-args.mjs';
import { buildWeb } from './lib/build-web.mjs';
import { runCli } from './lib/cli.mjs';
import { runEspejo } from './lib/run-espejo.mjs';

const READY_TIMEOUT_MS = 120_000;

runCli(() =>
  runEspejo({
    prepare: buildWeb,
    apiArgs: API_ARGS,
    consoleArgs: ['src/server/main.ts'],
    nodeEnv: 'production',
    readyTimeoutMs: READY_TIMEOUT_MS,
  }),
);
