/** `npm run reset-password -- <e-mail>`: sets a new random password for an account. */
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
