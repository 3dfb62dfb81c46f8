/** `npm run sandbox`: the stand-in OpenAI server alone, in the foreground. `npm run sandbox -- --help` lists its flags. */
import process from 'node:process';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { runNode24 } from './lib/run-node.mjs';

runCli(async () => {
  await ensureInstalled();
  await runNode24(['packages/sandbox/src/main.ts', ...process.argv.slice(2)]);
});
