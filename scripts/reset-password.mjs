/** `npm run reset-password -- <e-mail>`: for whoever has this machine and lost their password. */
import process from 'node:process';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { dataDir } from './lib/paths.mjs';
import { runNode24 } from './lib/run-node.mjs';

runCli(async () => {
  await ensureInstalled();
  await runNode24(['apps/api/src/reset-password.ts', ...process.argv.slice(2)], {
    ESPEJO_DATA_DIR: dataDir(process.env),
  });
});
