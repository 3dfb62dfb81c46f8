/** `npm run confirm -- <what>`: confirms an operation that Espejo does not do without an operator's decision. */
import process from 'node:process';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { dataDir } from './lib/paths.mjs';
import { runNode24 } from './lib/run-node.mjs';

runCli(async () => {
  await ensureInstalled();
  await runNode24(['apps/api/src/confirm/main.ts', ...process.argv.slice(2)], {
    ESPEJO_DATA_DIR: dataDir(process.env),
  });
});
