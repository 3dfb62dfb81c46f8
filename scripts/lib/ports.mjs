import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A port number from the environment. 0 means any free port, if the caller allows it.
 * @param {Record<string, string | undefined>} env
 * @param {string} name
 * @param {number} fallback
 * @param {{ isZeroAllowed?: boolean }} [options]
 */
export function readPort(env, name, fallback, { isZeroAllowed = false } = {}) {
  const text = env[name]?.trim();
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < (isZeroAllowed ? 0 : 1) || port > 65_535) {
    throw new Error(`${name} is "${text}"; it must be a port number, 1 to 65535.`);
  }
  return port;
}

/**
 * Throws, naming the variable to change, when something listens on the port already. Waits `graceMs` for a process
 * that is ending.
 * @param {{ port: number, name: string, what: string, graceMs?: number }} wanted
 */
export async function requireFreePort({ port, name, what, graceMs = 0 }) {
  const deadline = Date.now() + graceMs;
  for (;;) {
    const cause = await tryListen(port);
    if (cause === null) return;
    if (cause === 'EACCES') {
      throw new Error(
        `This user may not open port ${port} for ${what}. Choose a higher one, for instance ${name}=${port + 8000}.`,
      );
    }
    if (Date.now() >= deadline) {
      const other = port < 65_000 ? port + 100 : port - 100;
      throw new Error(
        `Port ${port}, wanted for ${what}, is taken. Is Espejo running already? Stop the process that uses the port, ` +
          `or choose another one, for instance ${name}=${other}.`,
      );
    }
    await sleep(100);
  }
}

/**
 * The URL of the API on this machine: the address it listens on, or loopback if it listens on all.
 * @param {Record<string, string | undefined>} env
 * @param {number} port
 */
export function localApiUrl(env, port) {
  const host = env.ESPEJO_HOST?.trim().replace(/^\[(.*)\]$/, '$1') || '127.0.0.1';
  const isEverywhere = host === '0.0.0.0' || host === '::' || host === 'localhost';
  const reachable = isEverywhere ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/**
 * Tries the port on loopback; returns the error code, or null if it is free.
 * @param {number} port
 * @returns {Promise<string | null>}
 */
function tryListen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(null)));
  });
}
