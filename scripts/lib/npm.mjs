import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';

/**
 * Runs the npm that started this script, on npm's own Node, because the Node in node_modules may be about to be replaced. Its
 * errors go to the terminal.
 * @param {string} root
 * @param {string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runNpm(root, args) {
  const { npm_execpath: execPath, npm_node_execpath: nodePath } = process.env;
  const isNpm = execPath !== undefined && basename(execPath).startsWith('npm') && existsSync(execPath);
  const stdio = /** @type {['ignore', 'pipe', 'inherit']} */ (['ignore', 'pipe', 'inherit']);
  const child = isNpm
    ? spawn(nodePath ?? process.execPath, [execPath, ...args], { cwd: root, stdio })
    : spawn('npm', args, { cwd: root, stdio, shell: process.platform === 'win32' });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`npm could not be started: ${cause.message}`, { cause })));
    child.once('close', (code, signal) => resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 1), output }));
  });
}
