/** One line of the report. A line without a target explains the others. */
export interface Line {
  readonly what: string;
  readonly measured: string;
  readonly target?: { readonly text: string; readonly isMet: boolean } | undefined;
  readonly note?: string | undefined;
}

export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** Prints progress of a part during a long run. */
export type Print = (text: string) => void;

const HEAD = ['', 'target', 'measured', '', ''] as const;

/** A section as a table with aligned columns. A missed target shows MISSED. */
export function renderSection({ title, lines }: Section): string {
  const rows = [
    HEAD,
    ...lines.map(({ what, target, measured, note }) => [
      what,
      target?.text ?? '',
      measured,
      target === undefined ? '' : target.isMet ? 'ok' : 'MISSED',
      note ?? '',
    ]),
  ];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const text = rows.map((row) =>
    `  ${row.map((cell, column) => (column === 0 || column === 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`.trimEnd(),
  );
  return [`\n${title}`, ...text].join('\n');
}

/** The last line: how many targets were met, and which were missed. */
export function renderSummary(sections: readonly Section[]): string {
  const targets = sections.flatMap((section) => section.lines).filter((line) => line.target !== undefined);
  const missed = targets.filter((line) => line.target?.isMet === false);
  const head = `\n${targets.length - missed.length} of ${targets.length} targets met.`;
  return missed.length === 0
    ? head
    : `${head}\n${missed.map(({ what, target, measured }) => `  MISSED  ${what}: ${measured}, target ${target?.text}`).join('\n')}`;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
export const millis = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
export const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
export const times = (ratio: number): string => `${ratio.toFixed(2)}×`;
