import { relationsOf } from './office-relations.ts';
import { textOfOfficeXml } from './office-text.ts';
import type { ParsedSection } from './port.ts';
import type { ZipParts } from './zip-parts.ts';

/** A Word document: its body, then its footnotes and endnotes. Where its pages end only a layout would tell. */
export async function parseDocx(parts: ZipParts, mainPart: string): Promise<ParsedSection[]> {
  const relations = await relationsOf(parts, mainPart);
  const notes = relations.filter(({ type }) => type === 'footnotes' || type === 'endnotes');
  const sections: ParsedSection[] = [];
  for (const part of [mainPart, ...notes.map((note) => note.target)]) {
    sections.push({ text: await textOfOfficeXml(parts.read(part)), page: null });
  }
  return sections;
}
