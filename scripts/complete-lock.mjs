/**
 * Adds to package-lock.json the platform packages npm left out of it. `npm install` skips an optional package its
 * registry does not hold; `npm ci` then refuses the lock file, on every platform. Run this after changing dependencies.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { completeLock } from './lib/lock-file.mjs';

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = completeLock(lock);
if (added.length > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(
  added.length === 0 ? 'package-lock.json is complete.' : `Added ${added.length} entries:\n  ${added.join('\n  ')}`,
);
