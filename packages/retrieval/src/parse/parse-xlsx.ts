import { referredParts, relationsOf } from './office-relations.ts';
import type { ParsedSection } from './port.ts';
import { readXml } from './read-xml.ts';
import { dateStylesOf, numberText } from './xlsx-numbers.ts';
import type { ZipParts } from './zip-parts.ts';

/** Wider gaps between cells are as good as one. */
const GAP_MAX = 16;

interface Workbook {
  readonly strings: readonly string[];
  readonly dateStyles: readonly boolean[];
  readonly is1904: boolean;
}

/** A workbook: a section a sheet, that begins with its name; a line a row, with tabs between the cells. */
export async function parseXlsx(parts: ZipParts, mainPart: string): Promise<ParsedSection[]> {
  const relations = await relationsOf(parts, mainPart);
  const partOf = (type: string) => relations.find((relation) => relation.type === type)?.target;
  const stringsPart = partOf('sharedStrings');
  const stylesPart = partOf('styles');
  const workbook: Workbook = {
    strings: stringsPart === undefined ? [] : await stringsOf(parts.read(stringsPart)),
    dateStyles: stylesPart === undefined ? [] : await dateStylesOf(parts.read(stylesPart)),
    is1904: await is1904(parts.read(mainPart)),
  };
  const sections: ParsedSection[] = [];
  for (const sheet of await referredParts(parts, mainPart, 'sheet')) {
    const rows = await rowsOf(parts.read(sheet.target), workbook);
    if (rows !== '') sections.push({ text: `${sheet.name}\n${rows}`, page: null });
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
      // How the characters beside it are read aloud is no text of the cell.
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

async function rowsOf(source: AsyncIterable<string>, workbook: Workbook): Promise<string> {
  const rows: string[] = [];
  let row: string[] = [];
  let cell: { readonly type: string; readonly isDate: boolean } = { type: 'n', isDate: false };
  let value = '';
  let isValue = false;
  let column = 0;
  await readXml(source, {
    open(name, attributes) {
      if (name === 'row') {
        row = [];
        column = 0;
      } else if (name === 'c') {
        const at = columnOf(attributes.r) ?? column;
        for (let gap = Math.min(at - column, GAP_MAX); gap > 0; gap -= 1) row.push('');
        column = at + 1;
        cell = { type: attributes.t ?? 'n', isDate: workbook.dateStyles[Number(attributes.s ?? -1)] ?? false };
        value = '';
      } else if (name === 'v' || name === 't') isValue = true;
    },
    close(name) {
      if (name === 'v' || name === 't') isValue = false;
      else if (name === 'c') row.push(textOf(value, cell, workbook));
      else if (name === 'row') {
        const line = row.join('\t').trimEnd();
        if (line !== '') rows.push(line);
      }
    },
    text(text) {
      if (isValue) value += text;
    },
  });
  return rows.join('\n');
}

function textOf(value: string, cell: { type: string; isDate: boolean }, workbook: Workbook): string {
  if (value === '') return '';
  switch (cell.type) {
    case 's':
      return workbook.strings[Number(value)] ?? '';
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    case 'n':
      return numberText(value, { isDate: cell.isDate, is1904: workbook.is1904 });
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
