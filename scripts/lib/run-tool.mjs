import process from 'node:process';
import { spawnNode24 } from './run-node.mjs';

/**
 * Runs a Node 24 command to its end and returns its output.
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, onOutput?: (chunk: Buffer) => void }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runTool(args, { cwd, env, onOutput = () => {} } = {}) {
  const child = spawnNode24(args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd ? { cwd } : {}),
    ...(env ? { env } : {}),
  });
  const kill = () => child.kill();
  process.once('exit', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
      onOutput(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      process.removeListener('exit', kill);
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Runs `work` over the items, at most `limit` at a time; results keep the items' order.
 * @template T, R
 * @param {readonly T[]} items
 * @param {number} limit
 * @param {(item: T) => Promise<R>} work
 * @returns {Promise<R[]>}
 */
export async function mapLimited(items, limit, work) {
  /** @type {R[]} */
  const results = new Array(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(/** @type {T} */ (items[index]));
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}
