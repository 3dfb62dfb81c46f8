/** `npm run rotate-secret`. The data folder and the secret are those of the environment, as at `npm start`. */
import process from 'node:process';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { dataDir } from './lib/paths.mjs';
import { runNode24 } from './lib/run-node.mjs';

runCli(async () => {
  await ensureInstalled();
  await runNode24(['apps/api/src/secret/main.ts'], { ESPEJO_DATA_DIR: dataDir(process.env) });
});
