import type { SyncCounters, SyncRun } from '@espejo/contracts';
import { cn } from '@espejo/ui/lib/utils';
import { formatCount } from '#lib/format/count.ts';
import { namedRemovals } from '#lib/labels/common.ts';

const COLUMNS: readonly { readonly key: keyof SyncCounters; readonly label: string; readonly tone: string }[] = [
  { key: 'seen', label: 'Seen', tone: '' },
  { key: 'added', label: '+ Added', tone: 'text-success' },
  { key: 'returned', label: '+ Returned', tone: 'text-success' },
  { key: 'changed', label: '* Changed', tone: 'text-info' },
  { key: 'missing', label: '− Missing', tone: 'text-warning' },
  { key: 'removed', label: '− Removed', tone: 'text-danger' },
  { key: 'failed', label: '! Failed', tone: 'text-danger' },
];
const ROWS = [
  { key: 'stores', label: 'Vector stores' },
  { key: 'attachments', label: 'Attachments' },
  { key: 'files', label: 'Files' },
] as const;

/** What the run saw and changed, by kind, and what it stopped before removing. Zeros are faint, so that the figures that matter stand out. */
export function RunCounters({ run }: { run: SyncRun }) {
  const { counters } = run;
  const wouldGo = run.status === 'needs_review' && run.plan !== null ? namedRemovals(run.plan) : null;
  return (
    <section
      aria-label="Counters"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="focus-visible:ring-ring/60 shrink-0 overflow-x-auto rounded-md border outline-none focus-visible:ring-2"
    >
      <table className="w-full text-right tabular-nums">
        <thead className="text-muted-foreground text-xs">
          <tr className="border-b">
            <th scope="col" className="px-3 py-1.5 text-left font-medium">
              Kind
            </th>
            {COLUMNS.map(({ key, label }) => (
              <th key={key} scope="col" className="px-3 py-1.5 font-medium whitespace-nowrap">
                {label}
              </th>
            ))}
            {wouldGo === null ? null : (
              <th scope="col" className="px-3 py-1.5 font-medium whitespace-nowrap">
                − Would go
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {ROWS.map((row) => (
            <tr key={row.key} className="border-b last:border-b-0">
              <th scope="row" className="px-3 py-1.5 text-left font-medium whitespace-nowrap">
                {row.label}
              </th>
              {COLUMNS.map(({ key, tone }) => {
                const value = counters[row.key][key];
                return (
                  <td key={key} className={cn('px-3 py-1.5', value === 0 ? 'text-muted-foreground' : tone)}>
                    {formatCount(value)}
                  </td>
                );
              })}
              {wouldGo === null ? null : (
                <td className={cn('px-3 py-1.5', wouldGo[row.key] === 0 ? 'text-muted-foreground' : 'text-danger')}>
                  {formatCount(wouldGo[row.key])}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
