/**
 * `npm run sbom [-- file]`: writes a CycloneDX SBOM (default: sbom.cdx.json), and prints the
 * licences with the packages under each. Both come from package-lock.json, so nothing is fetched.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { runCli } from './lib/cli.mjs';
import { runNpm } from './lib/npm.mjs';
import { ROOT } from './lib/paths.mjs';
import { listLicenses } from './lib/supply-chain.mjs';

runCli(async () => {
  const path = resolve(process.argv[2] ?? 'sbom.cdx.json');
  const { code, output } = await runNpm(ROOT, ['sbom', '--sbom-format=cyclonedx', '--package-lock-only']);
  if (code !== 0) throw new Error(`npm sbom ended with code ${code}. Its own message is above.`);
  const document = JSON.parse(output);
  // npm uses the folder's name.
  document.metadata.component.name = 'espejo';
  writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);

  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  for (const { license, packages } of listLicenses(lock)) {
    console.log(`\n${license} (${packages.length})\n  ${packages.join('\n  ')}`);
  }
  console.log(`\nWrote ${path}: ${document.components.length} components.`);
});
