/** One line of the report. Without an aim it is there to explain the others. */
export interface Line {
  readonly what: string;
  readonly measured: string;
  readonly aim?: { readonly text: string; readonly isMet: boolean } | undefined;
  readonly note?: string | undefined;
}

export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** A part prints what it finds as it goes: a long run shows where it is. */
export type Print = (text: string) => void;

const HEAD = ['', 'aim', 'measured', '', ''] as const;

/** A section as a table with aligned columns. A missed aim says MISSED. */
export function renderSection({ title, lines }: Section): string {
  const rows = [
    HEAD,
    ...lines.map(({ what, aim, measured, note }) => [
      what,
      aim?.text ?? '',
      measured,
      aim === undefined ? '' : aim.isMet ? 'ok' : 'MISSED',
      note ?? '',
    ]),
  ];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const text = rows.map((row) =>
    `  ${row.map((cell, column) => (column === 0 || column === 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`.trimEnd(),
  );
  return [`\n${title}`, ...text].join('\n');
}

/** The last line: how many aims hold, and which do not. */
export function renderVerdict(sections: readonly Section[]): string {
  const aims = sections.flatMap((section) => section.lines).filter((line) => line.aim !== undefined);
  const missed = aims.filter((line) => line.aim?.isMet === false);
  const head = `\n${aims.length - missed.length} of ${aims.length} aims met.`;
  return missed.length === 0
    ? head
    : `${head}\n${missed.map(({ what, aim, measured }) => `  MISSED  ${what}: ${measured}, aim ${aim?.text}`).join('\n')}`;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
export const millis = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
export const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
export const times = (ratio: number): string => `${ratio.toFixed(2)}×`;
