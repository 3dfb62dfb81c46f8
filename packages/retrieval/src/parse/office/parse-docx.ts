import type { ParsedSection } from '../port.ts';
import { type OfficeReading, textOfPart, textsBeside } from './related-text.ts';

const HEADERS = new Set(['header']);
const FOOTERS = new Set(['footer']);
const NOTES = new Set(['footnotes', 'endnotes', 'comments']);

/**
 * A Word document: its headers, its body with charts and documents inside it, its footers, then its footnotes, endnotes
 * and comments. It has no pages, because only a layout knows them.
 */
export async function parseDocx(reading: OfficeReading, mainPart: string): Promise<ParsedSection[]> {
  const texts = [
    ...distinct(await textsBeside(reading, mainPart, HEADERS)),
    await textOfPart(reading, mainPart),
    ...distinct(await textsBeside(reading, mainPart, FOOTERS)),
    ...(await textsBeside(reading, mainPart, NOTES)).map(({ text }) => text),
  ];
  return texts.map((text) => ({ text, page: null }));
}

/** Headers of the first page, odd pages and even pages are often the same. */
function distinct(beside: readonly { readonly text: string }[]): string[] {
  return [...new Set(beside.map(({ text }) => text))];
}
