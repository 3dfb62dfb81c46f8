import { TEXTS } from '../lib/fill-stores.ts';
import { deepQueries, type Query, storeQueries } from '../lib/list-queries.ts';
import type { Remote } from '../lib/remote.ts';
import { type Line, millis, type Print, type Section, seconds } from '../lib/report.ts';
import { startApi } from '../lib/start-api.ts';
import { quantile } from '../lib/stats.ts';
import { withFolder } from '../lib/with-folder.ts';
import type { ApiMethods } from '../processes/api-methods.ts';

const P95_MS_MAX = 15;
/** Nothing listens there: the bench writes the stores itself. */
const NO_UPSTREAM = 'http://127.0.0.1:9/v1';

/** Queries of the stores list over a hundred thousand stores: the server's own time, the caller's, and the verb's alone. */
export async function measureLists(print: Print, options: { isQuick: boolean }): Promise<Section> {
  const storeCount = options.isQuick ? 10_000 : 100_000;
  const count = options.isQuick ? 20 : 60;
  const api = startApi();
  try {
    return await withFolder(async (dataDir) => {
      const { url } = await api.open({ dataDir, upstreamUrl: NO_UPSTREAM });
      const { ms, connectionIds } = await api.fill({ storeCount });
      print(`  ${storeCount} stores written in ${seconds(ms)}`);
      const queries = [
        ...storeQueries({ connectionIds, texts: TEXTS, count }),
        ...(await deepQueries({ url, storeCount, text: TEXTS.common, count })),
      ];
      const lines: Line[] = [];
      for (const query of queries) lines.push(await measureQuery(api, url, query));
      await api.close();
      return { title: `List queries over ${storeCount} stores, ${count} of each (the server's p95)`, lines };
    });
  } finally {
    await api.stop();
  }
}

async function measureQuery(api: Remote<ApiMethods>, url: string, query: Query): Promise<Line> {
  const { paths, isAfterWrite } = query;
  await api.write();
  await api.takeServerMs();
  const callerMs: number[] = [];
  for (const path of paths) {
    if (isAfterWrite) await api.write();
    const startedAt = performance.now();
    const response = await fetch(url + path);
    const body = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${body}`);
    callerMs.push(performance.now() - startedAt);
  }
  const { ms: serverMs, cpuMs } = await api.takeServerMs();
  await api.write();
  const verbMs = await api.verb({ paths, isAfterWrite });
  const p95Ms = quantile(serverMs, 0.95);
  const both = (values: readonly number[]) =>
    `${quantile(values, 0.5).toFixed(1)}/${quantile(values, 0.95).toFixed(1)}`;
  return {
    what: query.name,
    measured: millis(p95Ms),
    target: { text: '≤ 15 ms', isMet: p95Ms <= P95_MS_MAX },
    note: `p50/p95 ms: server ${both(serverMs)}, caller ${both(callerMs)}, verb ${both(verbMs)}; processor ${(cpuMs / paths.length).toFixed(1)} ms a query`,
  };
}
