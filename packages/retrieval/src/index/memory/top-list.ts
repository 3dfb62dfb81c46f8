/** The best `limit` items: higher scores first, and of equal scores the smaller id. */
export interface TopList {
  offer(id: number, score: number): void;
  /** The lowest score that is still accepted. */
  floor(): number;
  take(): { id: number; score: number }[];
}

/** A binary heap with the worst at its root. */
export function createTopList(limit: number): TopList {
  const ids: number[] = [];
  const scores: number[] = [];

  const isWorse = (a: number, b: number): boolean => {
    const left = scores[a] ?? 0;
    const right = scores[b] ?? 0;
    return left < right || (left === right && (ids[a] ?? 0) > (ids[b] ?? 0));
  };
  const swap = (a: number, b: number): void => {
    [ids[a], ids[b]] = [ids[b] ?? 0, ids[a] ?? 0];
    [scores[a], scores[b]] = [scores[b] ?? 0, scores[a] ?? 0];
  };
  const sinkRoot = (): void => {
    let at = 0;
    while (true) {
      const left = 2 * at + 1;
      const right = left + 1;
      let worst = at;
      if (left < ids.length && isWorse(left, worst)) worst = left;
      if (right < ids.length && isWorse(right, worst)) worst = right;
      if (worst === at) return;
      swap(at, worst);
      at = worst;
    }
  };

  return {
    floor: () => (ids.length < limit ? Number.NEGATIVE_INFINITY : (scores[0] ?? Number.POSITIVE_INFINITY)),
    offer(id, score) {
      if (ids.length < limit) {
        let at = ids.length;
        ids.push(id);
        scores.push(score);
        while (at > 0) {
          const parent = (at - 1) >> 1;
          if (!isWorse(at, parent)) return;
          swap(at, parent);
          at = parent;
        }
        return;
      }
      const floor = scores[0];
      if (floor === undefined || score < floor || (score === floor && id > (ids[0] ?? 0))) return;
      ids[0] = id;
      scores[0] = score;
      sinkRoot();
    },
    take: () => ids.map((id, at) => ({ id, score: scores[at] ?? 0 })).sort((a, b) => b.score - a.score || a.id - b.id),
  };
}
