import { type Gaps, quoted } from '../gaps.ts';
import type { ParsedSection } from '../port.ts';
import { readXml } from '../text/read-xml.ts';
import type { TextBudget } from '../text/text-builder.ts';
import { type NumberFormat, numberFormatOf, numberText } from './cell-number.ts';
import { referredParts, relationsOf } from './office-relations.ts';
import { type OfficeReading, textsBeside } from './related-text.ts';

/** Wider gaps between cells are shown as one. */
const GAP_MAX = 16;
/** Longer than Excel allows; searching a code takes quadratic time. */
const FORMAT_CODE_MAX = 1024;
/** Text boxes and charts are on a sheet's drawing; comments have two formats. */
const BESIDE = new Set(['drawing', 'comments', 'threadedComment']);

interface Workbook {
  readonly strings: readonly string[];
  /** By the number of a cell style. */
  readonly formats: readonly NumberFormat[];
  readonly is1904: boolean;
}

interface Cell {
  readonly type: string;
  readonly format: NumberFormat;
}

/**
 * A workbook: one section per sheet, which begins with its name; one line per row, with tabs between the cells, each as
 * the sheet shows it; then its headers and footers, drawings and comments.
 */
export async function parseXlsx(reading: OfficeReading, mainPart: string): Promise<ParsedSection[]> {
  const { parts, gaps, budget } = reading;
  const relations = await relationsOf(parts, mainPart);
  const partOf = (type: string) => relations.find((relation) => relation.type === type)?.target;
  const stringsPart = partOf('sharedStrings');
  const stylesPart = partOf('styles');
  const workbook: Workbook = {
    strings: stringsPart === undefined ? [] : await stringsOf(parts.read(stringsPart)),
    formats: stylesPart === undefined ? [] : await formatsOf(parts.read(stylesPart)),
    is1904: await is1904(parts.read(mainPart)),
  };
  const sections: ParsedSection[] = [];
  for (const sheet of await referredParts(parts, mainPart, 'sheet')) {
    if (parts.find(sheet.target) === undefined) {
      gaps.note(`The sheet ${quoted(sheet.name)} is missing in the file.`);
      continue;
    }
    const rows = await rowsOf(parts.read(sheet.target), { workbook, budget, gaps, sheetName: sheet.name });
    const beside = await textsBeside(reading, sheet.target, BESIDE);
    const texts = [rows, ...beside.map(({ text }) => text)].filter((text) => text !== '');
    if (texts.length > 0) sections.push({ text: [sheet.name, ...texts].join('\n'), page: null });
  }
  return sections;
}

async function stringsOf(source: AsyncIterable<string>): Promise<string[]> {
  const strings: string[] = [];
  let current = '';
  let isText = false;
  let isReading = false;
  await readXml(source, {
    open(name) {
      if (name === 'si') current = '';
      // A ruby reading is not text of the cell.
      else if (name === 'rPh') isReading = true;
      else if (name === 't') isText = true;
    },
    close(name) {
      if (name === 'si') strings.push(oneLine(current));
      else if (name === 'rPh') isReading = false;
      else if (name === 't') isText = false;
    },
    text(text) {
      if (isText && !isReading) current += text;
    },
  });
  return strings;
}

/** The number format of each cell style. */
async function formatsOf(source: AsyncIterable<string>): Promise<NumberFormat[]> {
  const codes = new Map<number, string>();
  const formats: NumberFormat[] = [];
  const known = new Map<number, NumberFormat>();
  let isInCellFormats = false;
  await readXml(source, {
    open(name, attributes) {
      const id = Number(attributes.numFmtId ?? 0);
      if (name === 'numFmt') codes.set(id, (attributes.formatCode ?? '').slice(0, FORMAT_CODE_MAX));
      else if (name === 'cellXfs') isInCellFormats = true;
      else if (name === 'xf' && isInCellFormats) {
        const format = known.get(id) ?? numberFormatOf(id, codes.get(id));
        known.set(id, format);
        formats.push(format);
      }
    },
    close(name) {
      if (name === 'cellXfs') isInCellFormats = false;
    },
  });
  return formats;
}

interface SheetReading {
  readonly workbook: Workbook;
  readonly budget: TextBudget;
  readonly gaps: Gaps;
  readonly sheetName: string;
}

async function rowsOf(source: AsyncIterable<string>, reading: SheetReading): Promise<string> {
  const { workbook, budget, gaps, sheetName } = reading;
  const general = numberFormatOf(0, undefined);
  const rows: string[] = [];
  const printed: string[] = [];
  let row: string[] = [];
  let cell: Cell = { type: 'n', format: general };
  let value = '';
  let formula: string | undefined;
  let uncomputed = 0;
  let place: 'value' | 'formula' | 'printed' | undefined;
  let column = 0;
  await readXml(source, {
    open(name, attributes) {
      if (name === 'row') {
        row = [];
        column = 0;
      } else if (name === 'c') {
        const at = columnOf(attributes.r) ?? column;
        const empty = Math.max(0, Math.min(at - column, GAP_MAX));
        budget.take(empty);
        for (let gap = 0; gap < empty; gap += 1) row.push('');
        column = at + 1;
        cell = { type: attributes.t ?? 'n', format: workbook.formats[Number(attributes.s ?? -1)] ?? general };
        value = '';
        formula = undefined;
      } else if (name === 'v' || name === 't') place = 'value';
      else if (name === 'f') {
        place = 'formula';
        formula = '';
      } else if (PRINTED.has(name)) {
        place = 'printed';
        printed.push('');
      }
    },
    close(name) {
      if (name === 'v' || name === 't' || name === 'f' || PRINTED.has(name)) place = undefined;
      else if (name === 'c') {
        // Programs that write sheets without computing them store only the formula.
        const isUncomputed = value === '' && formula !== undefined;
        if (isUncomputed) uncomputed += 1;
        // Counted before it is written out: many cells may show one long text.
        const text = isUncomputed ? formulaText(formula ?? '') : textOf(value, cell, workbook);
        budget.take(text.length + 1);
        row.push(text);
      } else if (name === 'row') {
        const line = row.join('\t').trimEnd();
        if (line !== '') rows.push(line);
      }
    },
    text(text) {
      if (place === 'value') value += text;
      else if (place === 'formula') formula = `${formula ?? ''}${text}`;
      else if (place === 'printed') printed.push(`${printed.pop() ?? ''}${text}`);
    },
  });
  if (uncomputed > 0) {
    const count = uncomputed === 1 ? '1 formula has' : `${uncomputed} formulas have`;
    gaps.note(
      `In the sheet ${quoted(sheetName)} ${count} no stored value; the formula is shown instead if it is written out.`,
    );
  }
  const around = [...new Set(printed.map(printedText))].filter((text) => text !== '');
  for (const text of around) budget.take(text.length);
  return [...rows, ...around].join('\n');
}

/** A shared formula is written out only in its first cell. */
function formulaText(formula: string): string {
  return formula === '' ? '' : `=${oneLine(formula)}`;
}

/** Headers and footers of the printed sheet. */
const PRINTED = new Set(['oddHeader', 'oddFooter', 'evenHeader', 'evenFooter', 'firstHeader', 'firstFooter']);

/** A printed header without its codes for fonts, colours, page numbers and dates (ECMA-376 part 1, 18.3.1.39). */
function printedText(text: string): string {
  const CODE = /&(?:&|"[^"]*"|K[0-9A-F]{6}|\d{1,3}|[A-Z])/g;
  return oneLine(text.slice(0, FORMAT_CODE_MAX).replace(CODE, (code) => (code === '&&' ? '&' : ' ')));
}

function textOf(value: string, cell: Cell, workbook: Workbook): string {
  if (value === '') return '';
  switch (cell.type) {
    case 's':
      return workbook.strings[Number(value)] ?? '';
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    case 'n':
      return numberText(value, cell.format, workbook.is1904);
    default:
      return oneLine(value);
  }
}

async function is1904(source: AsyncIterable<string>): Promise<boolean> {
  let found = false;
  await readXml(source, {
    open(name, attributes) {
      if (name === 'workbookPr') found = ['1', 'true'].includes(attributes.date1904 ?? '');
    },
  });
  return found;
}

/** From 0: `A1` is 0, `AB7` is 27. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
