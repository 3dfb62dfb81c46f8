import type { Deletion } from '@espejo/contracts';
import { formatBytes } from '#lib/format/bytes.ts';
import { formatCount, NONE } from '#lib/format/count.ts';
import { perMonth } from '#lib/labels/deletions.ts';

interface Figure {
  readonly label: string;
  readonly planned: string;
  readonly done: string;
}

const CAPTION = 'What was planned and what is done';

/** The plan beside what has been done of it: the two differ until a deletion has succeeded. */
export function TaskOutcome({ deletion }: { deletion: Deletion }) {
  const figures = figuresOf(deletion);
  return (
    <>
      <Across figures={figures} />
      <Down figures={figures} />
    </>
  );
}

function figuresOf({ counts, done, status, usageBytes, savings }: Deletion): readonly Figure[] {
  const isDone = status === 'succeeded';
  const count = (label: string, planned: number, made: number) => ({
    label,
    planned: formatCount(planned),
    done: formatCount(made),
  });
  return [
    count('Stores deleted', counts.stores, done.stores),
    count('Files deleted', counts.filesToDelete, done.filesDeleted),
    count('Files detached', counts.attachmentsToDetach, done.attachmentsDetached),
    {
      label: 'Files kept',
      planned: formatCount(counts.filesKept),
      // A file that is to be kept has no step of its own to count before the end.
      done: isDone ? formatCount(counts.filesKept) : NONE,
    },
    {
      label: 'Indexed size freed',
      planned: formatBytes(usageBytes),
      done: formatBytes(isDone ? usageBytes : done.usageBytes),
    },
    { label: 'Saves', planned: perMonth(savings.perMonth), done: isDone ? perMonth(savings.perMonth) : NONE },
  ];
}

/** Where there is room: a column each figure. */
function Across({ figures }: { figures: readonly Figure[] }) {
  return (
    <table className="w-fit text-right tabular-nums max-md:hidden">
      <caption className="sr-only">{CAPTION}</caption>
      <thead className="text-muted-foreground text-xs">
        <tr>
          <td />
          {figures.map(({ label }) => (
            <th key={label} scope="col" className="py-0.5 pl-8 font-normal whitespace-nowrap">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <FigureRow label="Planned" values={figures.map((figure) => figure.planned)} className="text-muted-foreground" />
        <FigureRow label="Done" values={figures.map((figure) => figure.done)} className="font-medium" />
      </tbody>
    </table>
  );
}

function FigureRow({ label, values, className }: { label: string; values: readonly string[]; className: string }) {
  return (
    <tr className={className}>
      <th scope="row" className="py-0.5 text-left font-normal">
        {label}
      </th>
      {values.map((value, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns never change their order
        <td key={column} className="py-0.5 pl-8 whitespace-nowrap">
          {value}
        </td>
      ))}
    </tr>
  );
}

/** On a narrow screen: a row each figure. */
function Down({ figures }: { figures: readonly Figure[] }) {
  return (
    <table className="w-full text-right tabular-nums md:hidden">
      <caption className="sr-only">{CAPTION}</caption>
      <thead className="text-muted-foreground text-xs">
        <tr className="border-b">
          <td />
          <th scope="col" className="py-1 font-normal">
            Planned
          </th>
          <th scope="col" className="py-1 font-normal">
            Done
          </th>
        </tr>
      </thead>
      <tbody>
        {figures.map(({ label, planned, done }) => (
          <tr key={label} className="border-b last:border-b-0">
            <th scope="row" className="text-muted-foreground py-1 text-left font-normal">
              {label}
            </th>
            <td className="text-muted-foreground py-1">{planned}</td>
            <td className="py-1 font-medium">{done}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
