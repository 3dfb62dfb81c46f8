/**
 * `npm run test:smoke`: a representative part of `npm test` in minutes: most unit tests, and a few files of every other kind
 * with few seeds. The last line printed is `N passed, N failed`.
 */
import process from 'node:process';
import { buildWeb } from './lib/build-web.mjs';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { ensureChromium } from './lib/find-chromium.mjs';
import { SMOKE_ENV, SMOKE_FILES } from './lib/smoke-files.mjs';
import { runSteps, summarize } from './lib/steps.mjs';
import { runPlaywright, runVitest } from './lib/test-steps.mjs';

runCli(async () => {
  await ensureInstalled();
  for (const [name, value] of Object.entries(SMOKE_ENV)) process.env[name] ??= value;
  const sum = await runSteps([
    { name: 'unit tests', run: () => runVitest('unit', SMOKE_FILES.unit) },
    { name: 'integration tests', run: () => runVitest('integration', SMOKE_FILES.integration) },
    // Each mostly waits for one server, so they share the cores.
    [
      { name: 'acceptance tests', run: () => runVitest('acceptance', SMOKE_FILES.acceptance) },
      {
        name: 'browser journeys',
        run: async () => {
          await buildWeb({ log: () => {} });
          return runPlaywright(ensureChromium(), SMOKE_FILES.journeys);
        },
      },
    ],
  ]);
  const { line, isGreen } = summarize(sum);
  console.log(line);
  process.exit(isGreen ? 0 : 1);
});
