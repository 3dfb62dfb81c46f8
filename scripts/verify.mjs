/** `npm run verify`: format, lint, types, import graph, unused code, migrations and unit tests, in seconds. */
import process from 'node:process';
import { formatDuration, runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { runSteps } from './lib/steps.mjs';
import { VERIFY_STEPS } from './lib/verify-steps.mjs';

runCli(async () => {
  await ensureInstalled();
  if (process.argv.includes('--help')) {
    console.log(`npm run verify: runs, in this order: ${VERIFY_STEPS.map(({ name }) => name).join(', ')}.`);
    return;
  }
  const startedMs = Date.now();
  const { failed } = await runSteps(VERIFY_STEPS);
  console.log(`\n${failed === 0 ? 'Verified' : 'Not verified'} in ${formatDuration(Date.now() - startedMs)}.`);
  if (failed > 0) process.exit(1);
});
