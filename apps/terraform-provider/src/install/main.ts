/** `npm run terraform:install`. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { installMirror, PROVIDER_SOURCE, terraformPlatform } from './install-mirror.ts';

const HELP = `
npm run terraform:install -- [--dir FOLDER]

  Writes the Terraform provider for vector stores where "terraform init" finds it, without a network.
  --dir  the folder of the mirror; default: ~/.terraform.d/plugins, where Terraform looks automatically
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { dir: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (process.platform === 'win32') {
    throw new Error('Terraform on Windows starts only .exe files, which this provider is not. Use it in WSL.');
  }
  const folder = values.dir === undefined ? join(homedir(), '.terraform.d', 'plugins') : resolve(values.dir);
  const path = await installMirror(folder, terraformPlatform(process.platform, process.arch));
  console.log(`Installed ${path}

terraform {
  required_providers {
    openai = {
      source = "${PROVIDER_SOURCE}"
    }
  }
}
`);
  if (values.dir !== undefined) {
    console.log(`In the CLI configuration (~/.terraformrc, or the file that TF_CLI_CONFIG_FILE names):

provider_installation {
  filesystem_mirror {
    path    = "${folder}"
    include = ["espejo.local/*/*"]
  }
  direct {
    exclude = ["espejo.local/*/*"]
  }
}
`);
  }
}

main().catch((cause: unknown) => {
  console.error(cause instanceof Error ? cause.message : cause);
  process.exit(1);
});
