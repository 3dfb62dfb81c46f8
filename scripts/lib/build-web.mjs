import { join } from 'node:path';
import { withFileLock } from './file-lock.mjs';
import { ROOT, toolPath } from './paths.mjs';
import { runTool } from './run-tool.mjs';

const NOTICE_AFTER_MS = 1_500;

/**
 * Builds the console when its sources, or those of the packages it uses, changed since the last build (turbo decides by
 * their hashes). Throws with the build's output when it fails.
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function buildWeb({ log = (line) => console.error(line) } = {}) {
  await withFileLock(
    join(ROOT, '.build.lock'),
    async () => {
      const notice = setTimeout(
        () => log('Building the console. The first time takes a minute or two.'),
        NOTICE_AFTER_MS,
      );
      try {
        const args = [toolPath('turbo'), 'run', 'build', '--filter=@espejo/web', '--ui=stream'];
        const { code, output } = await runTool(args);
        if (code !== 0) throw new Error(`${output}\nBuilding the console failed; the reason is above.`);
      } finally {
        clearTimeout(notice);
      }
    },
    { onWait: () => log('Another command is building the console; waiting for it.') },
  );
}
