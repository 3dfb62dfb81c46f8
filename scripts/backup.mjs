/** `npm run backup -- <folder>` and `npm run restore -- <folder>`. A relative folder is resolved from the caller's working directory. */
import { resolve } from 'node:path';
import process from 'node:process';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { dataDir } from './lib/paths.mjs';
import { runNode24 } from './lib/run-node.mjs';

runCli(async () => {
  await ensureInstalled();
  const [verb = '', folder] = process.argv.slice(2);
  const from = process.env.INIT_CWD ?? process.cwd();
  const named = folder === undefined ? [] : [resolve(from, folder)];
  await runNode24(['apps/api/src/backup/main.ts', verb, ...named], { ESPEJO_DATA_DIR: dataDir(process.env) });
});
