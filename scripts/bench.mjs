/** `npm run bench`: measures Espejo and prints targets and results side by side. `-- --help` lists its parts. */
import process from 'node:process';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { runNode24 } from './lib/run-node.mjs';

runCli(async () => {
  await ensureInstalled();
  await runNode24(['bench/main.ts', ...process.argv.slice(2)]);
});
