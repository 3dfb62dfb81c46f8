/** `npm run bench:load`: a load test with many concurrent clients. `-- --help` lists its options. */
import process from 'node:process';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { runNode24 } from './lib/run-node.mjs';

runCli(async () => {
  await ensureInstalled();
  await runNode24(['bench/load/main.ts', ...process.argv.slice(2)]);
});
