/**
 * Completes package-lock.json: adds the platform packages npm left out of it, and the hash of the contents and the licence of
 * every package that lacks them, from the registry's data for that exact version. `npm install` skips an optional package
 * its registry does not have; `npm ci` then fails on every platform. Run this after changing dependencies.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from './lib/cli.mjs';
import { addFacts, completeLock, findUnpinned } from './lib/lock-file.mjs';
import { runNpm } from './lib/npm.mjs';
import { ROOT } from './lib/paths.mjs';

runCli(async () => {
  const path = join(ROOT, 'package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const added = completeLock(lock);
  const unpinned = findUnpinned(lock);
  for (const { name, version } of unpinned) {
    const spec = `${name}@${version}`;
    const { code, output } = await runNpm(ROOT, ['view', spec, 'dist.integrity', 'license', '--json']);
    if (code !== 0) throw new Error(`${spec}: the registry returns no hash of its contents. Use another registry.`);
    addFacts(lock, { name, version }, JSON.parse(output));
  }
  if (added.length + unpinned.length > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(
    added.length + unpinned.length === 0
      ? 'package-lock.json is complete.'
      : `Added ${added.length} entries and pinned ${unpinned.length}:\n  ${unpinned.map((one) => `${one.name}@${one.version}`).join('\n  ')}`,
  );
});
