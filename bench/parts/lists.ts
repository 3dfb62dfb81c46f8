import { TEXTS } from '../lib/fill-stores.ts';
import type { Remote } from '../lib/remote.ts';
import { type Line, millis, type Print, type Section, seconds } from '../lib/report.ts';
import { startApi } from '../lib/start-api.ts';
import { quantile } from '../lib/stats.ts';
import { withFolder } from '../lib/with-folder.ts';
import type { ApiMethods } from '../processes/api-methods.ts';

const P95_MS_MAX = 15;
const LIST = '/api/vector-stores';
const SORTS = ['createdAt', 'name', 'usageBytes', 'files', 'lastActiveAt', 'expiresAt', 'status'];

interface Query {
  readonly name: string;
  readonly path: string;
}

/** Queries of the stores list over a hundred thousand stores: the server's own time, the caller's, and the verb's alone. */
export async function measureLists(print: Print, options: { isQuick: boolean }): Promise<Section> {
  const storeCount = options.isQuick ? 10_000 : 100_000;
  const count = options.isQuick ? 20 : 60;
  const api = startApi();
  try {
    return await withFolder(async (dataDir) => {
      const { url } = await api.open({ dataDir, upstreamUrl: 'http://127.0.0.1:9/v1' });
      const { ms, connectionIds } = await api.fill({ storeCount });
      print(`  ${storeCount} stores written in ${seconds(ms)}`);
      const lines: Line[] = [];
      for (const query of [...plainQueries(connectionIds), ...(await deepQueries(url, storeCount))]) {
        lines.push(await measureQuery(api, url, query, count));
      }
      await api.close();
      return { title: `List queries over ${storeCount} stores, ${count} of each (server p95)`, lines };
    });
  } finally {
    await api.stop();
  }
}

function plainQueries(connectionIds: readonly string[]): Query[] {
  const list = (name: string, query: string): Query => ({ name, path: `${LIST}?${query}` });
  const facets = (name: string, query: string): Query => ({ name, path: `${LIST}/facets?${query}` });
  const { common, rare, none } = TEXTS;
  return [
    list('no filter', 'limit=50'),
    list('no filter, 200 rows', 'limit=200'),
    ...['primary', 'cache'].map((source) => list(`source ${source}`, `source=${source}`)),
    ...['completed', 'in_progress', 'expired', 'missing', 'unheard_of'].map((status) =>
      list(`status ${status}`, `status=${status}`),
    ),
    ...connectionIds.map((id, i) => list(`connection ${i + 1}`, `connectionId=${id}`)),
    ...SORTS.flatMap((sort) =>
      ['asc', 'desc'].map((order) => list(`sort ${sort} ${order}`, `sort=${sort}&order=${order}`)),
    ),
    list('text common (every second row)', `q=${common}`),
    list('text common, sort name', `q=${common}&sort=name&order=asc`),
    list('text common, sort usageBytes', `q=${common}&sort=usageBytes`),
    list('text rare (7 rows)', `q=${rare}`),
    list('text rare, sort name', `q=${rare}&sort=name&order=asc`),
    list('text of an id', 'q=vs_0000c3'),
    list('text, 2 characters', 'q=fi'),
    list('text, 2 characters, rare', 'q=zq'),
    list('text, 1 character', 'q=e'),
    list('text, no match', `q=${none}`),
    list('mirror + completed + common text', `source=cache&status=completed&q=${common}`),
    list('primary + completed + sort name', 'source=primary&status=completed&sort=name&order=asc'),
    list('connection + missing + sort name', `connectionId=${connectionIds[1]}&status=missing&sort=name&order=asc`),
    list('primary + missing: nothing', 'source=primary&status=missing'),
    list(
      'connection + expired + sort expiresAt',
      `connectionId=${connectionIds[0]}&status=expired&sort=expiresAt&order=asc`,
    ),
    facets('facet counts', ''),
    facets('facet counts, common text', `q=${common}`),
    facets('facet counts, rare text', `q=${rare}`),
  ];
}

/** Pages far down, reached as a client reaches them: by following cursors. */
async function deepQueries(url: string, storeCount: number): Promise<Query[]> {
  const deep: Query[] = [];
  for (const query of [
    'sort=createdAt&order=desc',
    'sort=name&order=asc',
    `sort=usageBytes&order=desc&q=${TEXTS.common}`,
  ]) {
    let cursor: string | null = null;
    let depth = 0;
    const depthMax = query.includes('q=') ? storeCount * 0.4 : storeCount * 0.9;
    while (depth < depthMax) {
      const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const response = await fetch(`${url}${LIST}?${query}&limit=200${after}`);
      const page = (await response.json()) as { data: unknown[]; nextCursor: string | null };
      if (page.nextCursor === null) break;
      depth += page.data.length;
      cursor = page.nextCursor;
    }
    deep.push({
      name: `page at row ${depth}: ${query.replaceAll('&', ' ')}`,
      path: `${LIST}?${query}&cursor=${cursor}`,
    });
  }
  return deep;
}

async function measureQuery(api: Remote<ApiMethods>, url: string, query: Query, count: number): Promise<Line> {
  await api.takeServerMs();
  const callerMs: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const startedAt = performance.now();
    const response = await fetch(url + query.path);
    const body = await response.text();
    if (!response.ok) throw new Error(`${query.path}: ${response.status} ${body}`);
    callerMs.push(performance.now() - startedAt);
  }
  const serverMs = await api.takeServerMs();
  const verbMs = await api.verb({ query: query.path, count });
  const p95Ms = quantile(serverMs, 0.95);
  const both = (values: readonly number[]) =>
    `${quantile(values, 0.5).toFixed(1)}/${quantile(values, 0.95).toFixed(1)}`;
  return {
    what: query.name,
    measured: millis(p95Ms),
    aim: { text: '≤ 15 ms', isMet: p95Ms <= P95_MS_MAX },
    note: `p50/p95 ms: server ${both(serverMs)}, caller ${both(callerMs)}, verb ${both(verbMs)}`,
  };
}
