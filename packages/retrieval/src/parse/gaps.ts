/** More are not readable for a user; the rest is counted. */
const GAPS_MAX = 50;
const NAME_UNITS_MAX = 120;

/** Gaps: what of a file could not be read, collected during parsing, one sentence each for the file's owner. */
export interface Gaps {
  note(sentence: string): void;
  /** The sentences in the order they were noted, each once; the last counts what is beyond 50. */
  list(): string[];
}

export function createGaps(): Gaps {
  const noted = new Set<string>();
  let more = 0;
  return {
    note(sentence) {
      if (noted.has(sentence)) return;
      if (noted.size < GAPS_MAX) noted.add(sentence);
      else more += 1;
    },
    list: () => (more === 0 ? [...noted] : [...noted, `${more} more parts could not be read.`]),
  };
}

/** A name from a file, short and on one line, for use in a sentence. */
export function quoted(name: string): string {
  const line = name.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return `'${line.length > NAME_UNITS_MAX ? `${line.slice(0, NAME_UNITS_MAX - 1)}…` : line}'`.toWellFormed();
}

/** Pages as text: `3`, `3 and 5`, `3–7, 9 and 12`. */
export function pageNumbers(pages: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    if (run !== undefined && page === run[1] + 1) run[1] = page;
    else runs.push([page, page]);
  }
  const words = runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** A sentence about pages: `Page 3 is …`, `Pages 3 and 5 are …`. */
export function pagesAre(pages: readonly number[], what: string): string {
  return pages.length === 1 ? `Page ${pages[0]} is ${what}.` : `Pages ${pageNumbers(pages)} are ${what}.`;
}

/** The gap for pages of pictures that were not read. */
export function pictureGap(pages: readonly number[]): string {
  return pagesAre(pages, 'without text: images or drawings, which need text recognition (OCR)');
}
