import { referredParts, relationsOf } from './office-relations.ts';
import { textOfOfficeXml } from './office-text.ts';
import type { ParsedSection } from './port.ts';
import type { ZipParts } from './zip-parts.ts';

/** A presentation: a section a slide, with the text of its diagrams and its speaker's notes. */
export async function parsePptx(parts: ZipParts, mainPart: string): Promise<ParsedSection[]> {
  const sections: ParsedSection[] = [];
  for (const [index, slide] of (await referredParts(parts, mainPart, 'sldId')).entries()) {
    const relations = await relationsOf(parts, slide.target);
    const beside = relations.filter(({ type }) => type === 'diagramData' || type === 'notesSlide');
    const texts: string[] = [];
    for (const part of [slide.target, ...beside.map((relation) => relation.target)]) {
      texts.push(await textOfOfficeXml(parts.read(part)));
    }
    sections.push({ text: texts.filter((text) => text !== '').join('\n'), page: index + 1 });
  }
  return sections;
}
