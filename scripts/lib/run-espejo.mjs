import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './ensure-install.mjs';
import { onParentGone } from './parent-watch.mjs';
import { dataDir, ROOT } from './paths.mjs';
import { localApiUrl, readPort, requireFreePort } from './ports.mjs';
import { describeSource } from './source-line.mjs';
import { createSupervisor } from './supervisor.mjs';
import { waitReady } from './wait-ready.mjs';

/** A second Ctrl+C at least this long after the first kills at once. */
const IMPATIENCE_MS = 1_000;
/** Variables that are not passed to the console, which only uses the API. */
const API_ONLY = /^(OPENAI_|EMBEDDINGS_|ESPEJO_SECRET$|ESPEJO_API_KEY$|ESPEJO_OIDC_)/;
/** Preloaded into the console, so that it ends with this script. */
const EXIT_ON_DISCONNECT = new URL('./exit-on-disconnect.mjs', import.meta.url).href;

/**
 * Runs the API and the console on the ports of the environment until one of them fails or this process gets a signal.
 * @param {{
 *   prepare?: () => Promise<void>,
 *   apiArgs: string[],
 *   consoleArgs: string[],
 *   nodeEnv: 'production' | 'development',
 *   readyTimeoutMs: number,
 *   onOutput?: (chunk: Buffer) => void,
 * }} options `prepare` runs after the port check, before anything starts. Node is called with `apiArgs` in
 * the project's root and with `consoleArgs` in apps/web. `onOutput` gets the output of both, which is always logged too.
 */
export async function runEspejo({ prepare, apiArgs, consoleArgs, nodeEnv, readyTimeoutMs, onOutput = () => {} }) {
  const port = readPort(process.env, 'PORT', 3000);
  const apiPort = readPort(process.env, 'API_PORT', 4000);
  requireKeyForOthers(process.env);
  if (port === apiPort) throw new Error(`PORT and API_PORT are both ${port}; they must differ.`);
  await ensureInstalled();
  await requireFreePort({ port, name: 'PORT', what: 'the console' });
  await requireFreePort({ port: apiPort, name: 'API_PORT', what: 'the API' });

  const supervisor = createSupervisor();
  const stopped = stopOnSignal(supervisor);
  await prepare?.();

  const data = dataDir(process.env);
  const logs = join(data, 'logs');
  const apiUrl = localApiUrl(process.env, apiPort);
  const token = randomBytes(32).toString('hex');
  try {
    supervisor.start({
      name: 'The API',
      args: apiArgs,
      env: { PORT: String(port), API_PORT: String(apiPort), ESPEJO_DATA_DIR: data, ESPEJO_CONSOLE_TOKEN: token },
      logPath: join(logs, 'api.log'),
      onOutput,
    });
    await waitReady(`${apiUrl}/readyz`, { what: 'The API', timeoutMs: readyTimeoutMs, signal: supervisor.failed });
    supervisor.start({
      name: 'The console',
      args: ['--import', EXIT_ON_DISCONNECT, ...consoleArgs],
      cwd: join(ROOT, 'apps', 'web'),
      env: {
        ...Object.fromEntries(
          Object.keys(process.env).map((key) => [key, API_ONLY.test(key) ? undefined : process.env[key]]),
        ),
        NODE_ENV: nodeEnv,
        PORT: String(port),
        ESPEJO_API_URL: apiUrl,
        ESPEJO_CONSOLE_TOKEN: token,
      },
      logPath: join(logs, 'console.log'),
      onOutput,
    });
    await waitReady(`http://127.0.0.1:${port}/`, {
      what: 'The console',
      timeoutMs: readyTimeoutMs,
      signal: supervisor.failed,
      isReady: (status) => status < 500,
    });
    console.log(`
  Espejo is running.

    Console   http://localhost:${port}
    API       http://localhost:${apiPort}/api/docs
    Mirrors   ${await describeSource(apiUrl, process.env.ESPEJO_API_KEY)}
    Data      ${data}
    Logs      ${logs}

  Stop it with Ctrl+C.
`);
    await failureOf(supervisor.failed);
  } catch (error) {
    if (stopped.isRequested) return;
    await supervisor.stop();
    throw error;
  }
}

/**
 * The API checks this as well; here it fails before anything is installed or built.
 * @param {Record<string, string | undefined>} env
 */
function requireKeyForOthers(env) {
  const names = ['ESPEJO_PUBLIC_HOST', 'ESPEJO_TRUSTED_PROXIES'];
  const opening = names.find((name) => env[name] && env[name] !== '0');
  if (opening === undefined || env.ESPEJO_API_KEY) return;
  throw new Error(
    `${opening}=${env[opening]} would open Espejo to others without a key. Set ESPEJO_API_KEY too, or leave ${opening} out.`,
  );
}

/** @param {AbortSignal} signal @returns {Promise<never>} */
function failureOf(signal) {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

/** @param {ReturnType<typeof createSupervisor>} supervisor */
function stopOnSignal(supervisor) {
  const state = { isRequested: false };
  let firstMs = 0;
  const stop = async () => {
    if (state.isRequested) {
      if (Date.now() - firstMs > IMPATIENCE_MS) supervisor.kill();
      return;
    }
    state.isRequested = true;
    firstMs = Date.now();
    await supervisor.stop();
    console.log('Espejo has stopped.');
    process.exit(0);
  };
  // The reader of the output may have ended already.
  process.stdout.on('error', () => {});
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  onParentGone((how) => {
    if (how === 'terminated') return stop();
    supervisor.kill();
    process.exit(1);
  });
  return state;
}
