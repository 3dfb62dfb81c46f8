import { API_ARGS } from '../../scripts/lib/api-args.mjs';
import { start } from '../lib/remote.ts';
import { millis, type Print, type Section } from '../lib/report.ts';
import { quantile } from '../lib/stats.ts';
import { withFolder } from '../lib/with-folder.ts';
import type { AccessMethods } from '../processes/access-methods.ts';

const CHECK_US_MAX = 10;
const SHARE_MAX = 0.1;
const NOISE = 0.03;
/** Nothing listens there; this part sends nothing upstream. */
const NO_UPSTREAM = 'http://127.0.0.1:9/v1';

/** The cost of authentication and authorization: alone, and as a part of a list request. */
export async function measureAccess(_print: Print, options: { isQuick: boolean }): Promise<Section> {
  const scale = options.isQuick ? 0.1 : 1;
  const storeCount = 10_000 * scale;
  const access = start<AccessMethods>(
    'access',
    API_ARGS.filter((arg) => arg.startsWith('--')),
  );
  try {
    return await withFolder(async (dataDir) => {
      await access.open({ dataDir, upstreamUrl: NO_UPSTREAM, storeCount });
      const check = await access.check({ count: 200_000 * scale });
      const lookUp = await access.lookUp({ count: 50_000 * scale });
      const list = await access.list({ count: 3_000 * scale });
      const strangers = await access.strangers({ count: 5_000 * scale });
      await access.close();
      const apart = quantile(strangers.foreign, 0.5) / quantile(strangers.unknown, 0.5) - 1;
      const added = quantile(list.keyed, 0.5) / quantile(list.bare, 0.5) - 1;
      const addedP99 = quantile(list.keyed, 0.99) / quantile(list.bare, 0.99) - 1;
      const both = (ms: readonly number[]) => `p50 ${millis(quantile(ms, 0.5))}, p99 ${millis(quantile(ms, 0.99))}`;
      return {
        title: `Access: a key among 1,000, a list of 50 of ${storeCount} stores`,
        lines: [
          {
            what: 'the permission check, p99',
            measured: micros(quantile(check, 0.99)),
            target: { text: '< 10 µs', isMet: quantile(check, 0.99) < CHECK_US_MAX },
            note: `p50 ${micros(quantile(check, 0.5))}`,
          },
          {
            what: 'from a key to its principal, p99',
            measured: micros(quantile(lookUp, 0.99)),
            target: { text: '< 10 µs', isMet: quantile(lookUp, 0.99) < CHECK_US_MAX },
            note: `p50 ${micros(quantile(lookUp, 0.5))}: a hash and one row, read each time`,
          },
          {
            what: 'what a key adds to a list request, p50',
            measured: percent(added),
            target: { text: '< 10 %', isMet: added < SHARE_MAX },
            note: `with: ${both(list.keyed)}; without: ${both(list.bare)}; at p99 ${percent(addedP99)}`,
          },
          {
            what: 'another tenant’s store against an unknown one, p50',
            measured: percent(apart),
            target: { text: 'noise: ± 3 %', isMet: Math.abs(apart) < NOISE },
            note: `another tenant: ${both(strangers.foreign)}; unknown: ${both(strangers.unknown)}`,
          },
        ],
      };
    });
  } finally {
    await access.stop();
  }
}

const micros = (value: number): string => `${value.toFixed(2)} µs`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
