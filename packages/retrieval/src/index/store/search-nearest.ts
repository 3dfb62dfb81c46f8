import { fitsHeader } from '../graph/graph-file.ts';
import type { Graph } from '../graph/open-graph.ts';
import type { Meta } from './schema.ts';
import type { ExactSearch } from './search-vectors.ts';
import type { Changes, FileEntry, StoreReader } from './store-reader.ts';

type Found = { id: number; score: number }[];

/** More candidates than this from a graph cost more than to compare every row. */
const CANDIDATES_MAX = 4000;

export interface NearestSearch {
  search(queries: readonly Float32Array[], limit: number, allowed: readonly FileEntry[] | null): Found[];
  follow(changes: Changes): void;
  /** Opens the newest graph. */
  adopt(): void;
  isGraph(): boolean;
  graphRows(): number | null;
}

/**
 * The nearest vectors, by the graph where that is faster. Compared one by one: everything in a small store, rows newer
 * than the graph, and filters that leave few rows. A filter that leaves many requests more from the graph than is
 * needed, and more again, until enough of it is allowed; if that becomes too much, every allowed row is compared.
 */
export function createNearestSearch(
  reader: StoreReader,
  exact: ExactSearch,
  { exactRowsMax, open }: { exactRowsMax: number; open: (meta: Meta) => Graph | null },
): NearestSearch {
  let graph: Graph | null = null;
  let isOpened = false;
  let liveRows = 0;
  let liveInGraph = 0;

  const count = (): void => {
    liveRows = 0;
    liveInGraph = 0;
    const endId = graph?.header.endId ?? 0;
    for (const { isGone, firstId, chunkCount } of reader.entries()) {
      if (isGone) continue;
      liveRows += chunkCount;
      if (firstId < endId) liveInGraph += chunkCount;
    }
  };

  const adopt = (): void => {
    isOpened = true;
    count();
    const found = liveRows > exactRowsMax ? open(reader.meta()) : null;
    if (found !== null && found.header.endId !== graph?.header.endId) exact.release();
    graph = found;
    count();
  };

  /** The graph, if it fits the present rows. */
  const usable = (): Graph | null => {
    if (!isOpened) adopt();
    if (graph === null || liveRows <= exactRowsMax) return null;
    return fitsHeader(graph.header, reader.meta()) ? graph : null;
  };

  /** Null: it would need too many candidates. */
  const fromGraph = (
    from: Graph,
    query: Float32Array,
    limit: number,
    share: number,
    isAllowed: (id: number) => boolean,
  ) => {
    const { rowCount } = from.header;
    for (let wanted = Math.ceil((limit / share) * 1.2); ; wanted *= 2) {
      if (wanted > CANDIDATES_MAX && wanted < rowCount) return null;
      const found = from.nearest(query, wanted).filter(({ id }) => isAllowed(id));
      if (found.length >= limit || wanted >= rowCount) return found.slice(0, limit);
    }
  };

  return {
    search(queries, limit, allowed) {
      const from = usable();
      if (from === null) return exact.search(queries, limit, { fromId: 0, allowed });
      const { endId, rowCount } = from.header;
      const allowedInGraph =
        allowed?.reduce((sum, entry) => (entry.firstId < endId ? sum + entry.chunkCount : sum), 0) ?? liveInGraph;
      if (allowed !== null && allowedInGraph <= exactRowsMax)
        return exact.search(queries, limit, { fromId: 0, allowed });
      const files = allowed === null ? null : new Set(allowed);
      const isAllowed = (id: number): boolean => {
        const entry = reader.entryOf(id);
        return entry !== undefined && (files === null || files.has(entry));
      };
      const inGraph = queries.map((query) => fromGraph(from, query, limit, allowedInGraph / rowCount, isAllowed));
      if (inGraph.includes(null)) return exact.search(queries, limit, { fromId: 0, allowed });
      const newer = exact.search(queries, limit, { fromId: endId, allowed });
      return inGraph.map((found, index) =>
        [...(found ?? []), ...(newer[index] ?? [])].sort((a, b) => b.score - a.score || a.id - b.id).slice(0, limit),
      );
    },
    follow({ isAll }) {
      if (isAll) isOpened = false;
      else count();
    },
    adopt,
    isGraph: () => usable() !== null,
    graphRows: () => usable()?.header.rowCount ?? null,
  };
}
