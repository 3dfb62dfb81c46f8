import type { ParsedSection } from '../port.ts';
import { referredParts } from './office-relations.ts';
import { type OfficeReading, textOfPart, textsBeside } from './related-text.ts';

/** Comments are in either of two forms, by the age of the program. */
const BESIDE = new Set(['notesSlide', 'comments']);

/** A presentation: a section a slide, with the text of its charts and diagrams, its speaker's notes and comments. */
export async function parsePptx(reading: OfficeReading, mainPart: string): Promise<ParsedSection[]> {
  const sections: ParsedSection[] = [];
  for (const [index, slide] of (await referredParts(reading.parts, mainPart, 'sldId')).entries()) {
    const texts = [
      await textOfPart(reading, slide.target),
      ...(await textsBeside(reading, slide.target, BESIDE)).map(({ text }) => text),
    ];
    sections.push({ text: texts.filter((text) => text !== '').join('\n'), page: index + 1 });
  }
  return sections;
}
