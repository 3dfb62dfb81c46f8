/** A score between 0 and 1, as a number and a bar. */
export function ScoreBar({ score }: { score: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, score)) * 100);
  return (
    <span className="flex items-center gap-2 text-xs tabular-nums">
      <span aria-hidden="true" className="bg-brand/15 h-1.5 w-16 overflow-hidden rounded-full">
        <span className="bg-brand block h-full rounded-full" style={{ width: `${percent}%` }} />
      </span>
      {score.toFixed(3)}
    </span>
  );
}
