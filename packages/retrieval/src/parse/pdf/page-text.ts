/** A run of text as pdf.js reports it; positions are in points, y grows upwards. */
export interface TextRun {
  readonly str: string;
  /** The run's matrix: `[a, b, c, d, x, y]`; (a, b) is its writing direction. */
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
  /** `rtl`: the characters of `str` are in reading order, and run right to left on the page. */
  readonly dir: string;
}

/** Text on the page that is not in its content: a form value or a note. */
export interface PlacedText {
  readonly text: string;
  readonly left: number;
  readonly bottom: number;
  readonly top: number;
}

interface Line {
  runs: Placed[];
  y: number;
}

/** A run with its start and end along its own direction, and its position across it. */
interface Placed {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly start: number;
  readonly end: number;
  readonly across: number;
  readonly size: number;
  readonly isRtl: boolean;
  /** There is a space before it on the page. */
  isApart: boolean;
}

/** Shares of the font size. A gap this wide is a space, a step across this high begins another line. */
const SPACE_GAP = 0.25;
const LINE_STEP = 0.7;
/** A step back this long begins another line, even if it is hardly lower. */
const BACK_STEP = 1;
/** The same text drawn again this close is simulated bold, or a shadow: it is kept once. */
const STRUCK_TWICE = 0.2;
/** Ruby readings above Japanese text have half its size, and step up and down without ending the line. */
const RUBY_SIZE_MAX = 0.65;
const RUBY_STEP_MAX = 1.6;
const KANA = /^[\p{Script=Hiragana}\p{Script=Katakana}ー・\s]+$/u;

/**
 * The text of a page: runs in the order in which the page draws them, a space where a gap separates two of them, a new
 * line where the page begins one, and each form value or note in the line beside it. Text drawn twice in one place is
 * kept once. Ruby readings above Japanese text are left out, so that the words below them stay whole.
 */
export function pageText(runs: readonly TextRun[], placed: readonly PlacedText[] = []): string {
  const lines = linesOf(runs);
  const beside = new Map<Line, string[]>();
  const own: PlacedText[] = [];
  const byHeight = placed.length === 0 ? [] : lines.toSorted((a, b) => a.y - b.y);
  for (const item of placed) {
    const line = lineBeside(byHeight, item);
    if (line === undefined) own.push(item);
    else {
      const texts = beside.get(line) ?? [];
      texts.push(item.text);
      beside.set(line, texts);
    }
  }
  own.sort((a, b) => b.top - a.top || a.left - b.left);
  const texts = lines.map((line) => [lineText(line), ...(beside.get(line) ?? [])].join(' '));
  return [...texts, ...own.map(({ text }) => text)]
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join('\n');
}

/** The lowest line between the bottom and the top of a value, or undefined; `lines` are in order of height. */
function lineBeside(lines: readonly Line[], { bottom, top }: PlacedText): Line | undefined {
  let from = 0;
  let to = lines.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((lines[middle]?.y ?? 0) < bottom - 1) from = middle + 1;
    else to = middle;
  }
  const line = lines[from];
  return line !== undefined && line.y <= top ? line : undefined;
}

function linesOf(runs: readonly TextRun[]): Line[] {
  const lines: Line[] = [];
  const struck = createStruck();
  let line: Line | undefined;
  let last: Placed | undefined;
  let isSpaceDue = false;
  const endLine = () => {
    line = undefined;
    last = undefined;
    isSpaceDue = false;
  };
  for (const run of runs) {
    if (run.str.trim() === '') {
      isSpaceDue = isSpaceDue || run.str !== '';
    } else {
      const placed = placedOf(run);
      if (struck.has(placed)) {
        if (run.hasEOL) endLine();
        continue;
      }
      const step = last === undefined ? 'same' : stepBetween(last, placed);
      if (step === 'ruby') continue;
      if (step === 'line') endLine();
      if (line === undefined) {
        line = { runs: [], y: placed.y };
        lines.push(line);
      }
      placed.isApart = isSpaceDue || step === 'space';
      line.runs.push(placed);
      last = placed;
      isSpaceDue = false;
    }
    if (run.hasEOL) endLine();
  }
  return lines;
}

function placedOf(run: TextRun): Placed {
  const [a = 1, b = 0, , , x = 0, y = 0] = run.transform;
  const scale = Math.hypot(a, b) || 1;
  const [cos, sin] = [a / scale, b / scale];
  const start = x * cos + y * sin;
  return {
    text: run.str,
    x,
    y,
    start,
    end: start + run.width,
    across: y * cos - x * sin,
    size: run.height || scale,
    isRtl: run.dir === 'rtl',
    isApart: false,
  };
}

/** Where texts were drawn, by text and place, so that a page of many equal texts is checked in one pass. */
function createStruck(): { has(placed: Placed): boolean } {
  const keys = new Set<string>();
  return {
    has({ text, x, y, size }) {
      const cell = Math.max(size * STRUCK_TWICE, Number.EPSILON);
      const [column, row] = [Math.round(x / cell), Math.round(y / cell)];
      for (let dx = -1; dx <= 1; dx += 1) {
        for (let dy = -1; dy <= 1; dy += 1) if (keys.has(`${column + dx} ${row + dy} ${text}`)) return true;
      }
      keys.add(`${column} ${row} ${text}`);
      return false;
    },
  };
}

function stepBetween(last: Placed, next: Placed): 'same' | 'space' | 'line' | 'ruby' {
  const size = Math.max(last.size, next.size);
  const up = next.across - last.across;
  if (next.size <= last.size * RUBY_SIZE_MAX && up > 0 && up <= size * RUBY_STEP_MAX && KANA.test(next.text))
    return 'ruby';
  if (Math.abs(up) > size * LINE_STEP) return 'line';
  // Right-to-left runs end at their left edge; some programs draw them in page order all the same.
  const gap = last.isRtl && next.isRtl && next.end <= last.start + size ? last.start - next.end : next.start - last.end;
  if (gap < -size * BACK_STEP) return 'line';
  return gap > size * SPACE_GAP ? 'space' : 'same';
}

/** Puts right-to-left runs that were drawn from the left in reading order. */
function lineText({ runs }: Line): string {
  const [first] = runs;
  const isMostlyRtl = runs.filter(({ isRtl }) => isRtl).length * 2 > runs.length;
  const isDrawnFromLeft = runs.every((run, at) => at === 0 || run.start >= (runs[at - 1]?.start ?? 0));
  if (first === undefined || runs.length === 1 || !isMostlyRtl || !isDrawnFromLeft) {
    return runs.map(({ text, isApart }, at) => (at > 0 && isApart ? ` ${text}` : text)).join('');
  }
  return runs
    .toReversed()
    .map(({ text }, at, all) =>
      at < all.length - 1 && runs[runs.length - 1 - at]?.isApart === true ? `${text} ` : text,
    )
    .join('');
}
