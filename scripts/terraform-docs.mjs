/** `npm run terraform:docs`: writes docs/terraform from the schemas of the Terraform provider. */
import process from 'node:process';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { runNode24 } from './lib/run-node.mjs';

runCli(async () => {
  await ensureInstalled();
  await runNode24(['apps/terraform-provider/src/docs/main.ts', ...process.argv.slice(2)]);
});
