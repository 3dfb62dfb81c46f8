/** `npm start`: installs and builds what is stale, then runs the API and the console until it is told to stop. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import { API_ARGS } from './lib/api-args.mjs';
import { buildWeb } from './lib/build-web.mjs';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { onParentGone } from './lib/parent-watch.mjs';
import { dataDir, ROOT, toolPath } from './lib/paths.mjs';
import { localApiUrl, readPort, requireFreePort } from './lib/ports.mjs';
import { describeSource } from './lib/source-line.mjs';
import { createSupervisor } from './lib/supervisor.mjs';
import { waitReady } from './lib/wait-ready.mjs';

const READY_TIMEOUT_MS = 120_000;
/** A second Ctrl+C this long after the first means: now. */
const IMPATIENCE_MS = 1_000;
/** What the console has no use for: it reaches everything through the API. */
const API_ONLY = /^(OPENAI_|EMBEDDINGS_|ESPEJO_SECRET$|ESPEJO_API_KEY$|ESPEJO_OIDC_)/;

runCli(async () => {
  const port = readPort(process.env, 'PORT', 3000);
  const apiPort = readPort(process.env, 'API_PORT', 4000);
  requireKeyForOthers(process.env);
  if (port === apiPort) throw new Error(`PORT and API_PORT are both ${port}; they must differ.`);
  await ensureInstalled();
  await requireFreePort({ port, name: 'PORT', what: 'the console' });
  await requireFreePort({ port: apiPort, name: 'API_PORT', what: 'the API' });

  const supervisor = createSupervisor();
  const stopped = stopOnSignal(supervisor);
  await buildWeb();

  const data = dataDir(process.env);
  const logs = join(data, 'logs');
  const apiUrl = localApiUrl(process.env, apiPort);
  const token = randomBytes(32).toString('hex');
  try {
    supervisor.start({
      name: 'The API',
      args: API_ARGS,
      env: { PORT: String(port), API_PORT: String(apiPort), ESPEJO_DATA_DIR: data, ESPEJO_CONSOLE_TOKEN: token },
      logPath: join(logs, 'api.log'),
    });
    await waitReady(`${apiUrl}/readyz`, { what: 'The API', timeoutMs: READY_TIMEOUT_MS, signal: supervisor.failed });
    supervisor.start({
      name: 'The console',
      args: [
        '--import',
        new URL('./lib/exit-on-disconnect.mjs', import.meta.url).href,
        toolPath('next'),
        ...['start', '-H', '127.0.0.1', '-p', String(port)],
      ],
      cwd: join(ROOT, 'apps', 'web'),
      env: {
        ...Object.fromEntries(
          Object.keys(process.env).map((key) => [key, API_ONLY.test(key) ? undefined : process.env[key]]),
        ),
        NODE_ENV: 'production',
        ESPEJO_API_URL: apiUrl,
        ESPEJO_CONSOLE_TOKEN: token,
      },
      logPath: join(logs, 'console.log'),
    });
    await waitReady(`http://127.0.0.1:${port}/`, {
      what: 'The console',
      timeoutMs: READY_TIMEOUT_MS,
      signal: supervisor.failed,
      isReady: (status) => status < 500,
    });
    console.log(`
  Espejo is running.

    Console   http://localhost:${port}
    API       http://localhost:${apiPort}/api/docs
    Mirrors   ${await describeSource(apiUrl, token)}
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
});

/**
 * A console under a public name is for others too: they must have a key to show.
 * @param {Record<string, string | undefined>} env
 */
function requireKeyForOthers(env) {
  if (!env.ESPEJO_PUBLIC_HOST || env.ESPEJO_API_KEY) return;
  throw new Error(
    `ESPEJO_PUBLIC_HOST=${env.ESPEJO_PUBLIC_HOST} would open the console to others without a key. Set ESPEJO_API_KEY too.`,
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
  // Whoever read our output may be gone by the time we say goodbye.
  process.stdout.on('error', () => {});
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  onParentGone((how) => {
    if (how === 'terminated') return stop();
    supervisor.kill();
    process.exit(1);
  });
  return state;
}
