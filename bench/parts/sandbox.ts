import { start } from '../lib/remote.ts';
import { megabytes, type Print, type Section, seconds } from '../lib/report.ts';
import type { SandboxMethods } from '../processes/sandbox.ts';

const SEED_MS_MAX = 20_000;
const RSS_BYTES_MAX = 2 ** 30;

/** How long the sandbox takes to seed rows, and the memory it needs. */
export async function measureSandbox(_print: Print, options: { isQuick: boolean }): Promise<Section> {
  const size = options.isQuick ? { stores: 1000, attachments: 100_000 } : { stores: 10_000, attachments: 1_000_000 };
  const sandbox = start<SandboxMethods>('sandbox');
  try {
    const { seedMs, rssMaxBytes } = await sandbox.open({ size });
    return {
      title: `Sandbox seeded with ${size.stores} stores and ${size.attachments} attachments`,
      lines: [
        { what: 'time', measured: seconds(seedMs), target: { text: '< 20 s', isMet: seedMs < SEED_MS_MAX } },
        {
          what: 'peak memory of its process (RSS)',
          measured: megabytes(rssMaxBytes),
          target: { text: '< 1024 MB', isMet: rssMaxBytes < RSS_BYTES_MAX },
        },
      ],
    };
  } finally {
    await sandbox.stop();
  }
}
