/**
 * `npm run sync:check [connectionId …]`: compares mirrors with upstream, store by store and file by file, and changes
 * neither. It calls a running Espejo (ESPEJO_API_URL, ESPEJO_API_KEY), for all enabled connections by default. Exit
 * code 0: in sync; 1: drift; 2: could not check.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, NAMED_MAX, reportCheck, worstOf } from './lib/sync-check.mjs';

/**
 * @typedef {import('@espejo/contracts').Connection} Connection
 * @typedef {import('@espejo/contracts').SyncRun} SyncRun
 * @typedef {import('@espejo/contracts').SyncChangePage} SyncChangePage
 */

const POLL_MS = 250;
/** How long to wait for a running sync. */
const BUSY_WAIT_MS = 300_000;

const baseUrl = (process.env.ESPEJO_API_URL || 'http://127.0.0.1:4000').replace(/\/+$/, '');

/** An error of the API with its stable code. */
class Refused extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`Not checked: ${error instanceof Error ? error.message : error}`);
  process.exitCode = EXIT.notChecked;
}

async function main() {
  const named = process.argv.slice(2);
  const { data } = /** @type {{ data: Connection[] }} */ (await call('GET', '/api/connections'));
  for (const id of named) {
    if (!data.some((connection) => connection.id === id)) throw new Error(`there is no connection with id '${id}'.`);
  }
  const wanted = data.filter(({ id, isEnabled }) => (named.length === 0 ? isEnabled : named.includes(id)));
  if (wanted.length === 0) throw new Error('there is no enabled connection.');
  const reports = [];
  for (const connection of wanted) {
    const report = await check(connection).catch((error) => ({
      lines: [`${connection.name}\nNot checked: ${error instanceof Error ? error.message : error}`],
      code: EXIT.notChecked,
    }));
    console.log(report.lines.join('\n'));
    reports.push(report);
  }
  return worstOf(reports);
}

/** @param {Connection} connection */
async function check({ id: connectionId }) {
  const id = await start(connectionId);
  let run = /** @type {SyncRun} */ (await call('GET', `/api/sync-runs/${id}`));
  while (run.status === 'running') {
    await sleep(POLL_MS);
    run = /** @type {SyncRun} */ (await call('GET', `/api/sync-runs/${id}`));
  }
  const changes = /** @type {SyncChangePage} */ (await call('GET', `/api/sync-runs/${id}/changes?limit=${NAMED_MAX}`));
  return reportCheck(run, changes);
}

/**
 * Starts the comparison; waits while a sync of the connection is running.
 * @param {string} connectionId
 */
async function start(connectionId) {
  const deadline = Date.now() + BUSY_WAIT_MS;
  for (let isFirst = true; ; isFirst = false) {
    try {
      const { id } = /** @type {{ id: string }} */ (
        await call('POST', '/api/sync-runs', { connectionId, dryRun: true, full: true })
      );
      return id;
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'sync_already_running' || Date.now() > deadline) throw error;
      if (isFirst) console.error('A sync is under way; waiting for its end.');
    }
    await sleep(POLL_MS);
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<unknown>}
 */
async function call(method, path, body) {
  const key = process.env.ESPEJO_API_KEY;
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error(`Espejo does not answer at ${baseUrl}. Start it with "npm start", or set ESPEJO_API_URL.`);
  });
  const json = /** @type {any} */ (await response.json().catch(() => undefined));
  if (response.ok && json !== undefined) return json;
  const { code = 'bad_response', message = `${baseUrl} answered ${response.status}; it is not Espejo.` } =
    json?.error ?? {};
  throw new Refused(code, message);
}
