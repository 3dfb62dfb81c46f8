import type { ParsedSection } from '../port.ts';
import { referredParts } from './office-relations.ts';
import { type OfficeReading, textOfPart, textsBeside } from './related-text.ts';

/** Comments have one of two forms, depending on the age of the program. */
const BESIDE = new Set(['notesSlide', 'comments']);

/**
 * A presentation: one section per slide, with the text of its charts and diagrams, its speaker's notes and comments.
 */
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
