/** `npm run graph`: the imports of the whole tree: cycles of files and folders, broken layer rules, and a few counts. */
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { runNode24 } from './lib/run-node.mjs';

runCli(async () => {
  await ensureInstalled();
  await runNode24(['scripts/print-import-graph.mjs']);
});
