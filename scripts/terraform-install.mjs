/** `npm run terraform:install`: writes the Terraform provider where `terraform init` finds it. `-- --help` lists its flags. */
import process from 'node:process';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { runNode24 } from './lib/run-node.mjs';

runCli(async () => {
  await ensureInstalled();
  await runNode24(['apps/terraform-provider/src/install/main.ts', ...process.argv.slice(2)]);
});
