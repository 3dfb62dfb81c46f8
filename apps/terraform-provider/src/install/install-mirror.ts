import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { VERSION } from '../version.ts';

/** The source address of the provider. No registry serves this host, so Terraform never contacts one. */
export const PROVIDER_SOURCE = 'espejo.local/espejo/openai';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const NODE_TARGET = 'node20.19';
const OLD_NODE = 'This provider needs Node 20.19 or later on the PATH of Terraform.';

/** The platform as Terraform names it. */
export function terraformPlatform(platform: string, arch: string): string {
  const os = { win32: 'windows', sunos: 'solaris' }[platform] ?? platform;
  const cpu = { x64: 'amd64', ia32: '386' }[arch] ?? arch;
  return `${os}_${cpu}`;
}

/** The provider bundled into one program for any Node on the PATH. */
async function bundleProvider(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [MAIN],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: NODE_TARGET,
    minify: true,
    legalComments: 'inline',
    logLevel: 'silent',
    banner: {
      // If a provider ends early, Terraform shows the first line of its stdout.
      js: `#!/usr/bin/env node\nif(!(parseFloat(process.versions.node)>=20)){console.log(${JSON.stringify(OLD_NODE)});process.exit(1)}`,
    },
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error('esbuild returned no bundle.');
  return output.text;
}

/** Writes the provider where `terraform init` finds it without a network, and returns the program's path. */
export async function installMirror(folder: string, platform: string): Promise<string> {
  const text = await bundleProvider();
  const target = join(folder, ...PROVIDER_SOURCE.split('/'), VERSION, platform);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const path = join(target, `terraform-provider-openai_v${VERSION}`);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}
