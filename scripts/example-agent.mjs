/** `npm run example:agent`: an agent on Espejo, without a network. See examples/agent/README.md. */
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { runNode24 } from './lib/run-node.mjs';

runCli(async () => {
  await ensureInstalled();
  await runNode24(['examples/agent/main.ts']);
});
