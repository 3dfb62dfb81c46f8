/** `npm test`: everything, from format to browser journeys. The last line printed is `N passed, N failed`. */
import process from 'node:process';
import { buildWeb } from './lib/build-web.mjs';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { ensureChromium } from './lib/find-chromium.mjs';
import { failedStep, runSteps, summarize } from './lib/steps.mjs';
import { runPlaywright, runVitest } from './lib/test-steps.mjs';
import { VERIFY_STEPS } from './lib/verify-steps.mjs';

runCli(async () => {
  const startedWith = { passed: 0, failed: 0 };
  try {
    await ensureInstalled();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    finish({ ...startedWith, failed: 1 });
  }
  let isBuilt = false;
  finish(
    await runSteps([
      ...VERIFY_STEPS,
      { name: 'integration tests', run: () => runVitest('integration') },
      {
        name: 'build the console',
        run: async () => {
          await buildWeb({ log: () => {} });
          isBuilt = true;
          return { passed: 0, failed: 0 };
        },
      },
      // Each mostly waits for one server, so they share the cores.
      [
        { name: 'acceptance tests', run: () => runVitest('acceptance') },
        {
          name: 'browser journeys',
          run: async () => {
            if (!isBuilt) return failedStep('Not run: the console was not built.');
            return runPlaywright(ensureChromium());
          },
        },
      ],
    ]),
  );
});

/** @param {{ passed: number, failed: number }} sum @returns {never} */
function finish(sum) {
  const { line, isGreen } = summarize(sum);
  if (!isGreen && sum.failed === 0) console.error('No test ran.');
  console.log(line);
  process.exit(isGreen ? 0 : 1);
}
