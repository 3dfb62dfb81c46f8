import { posix } from 'node:path';
import { type Gaps, quoted } from '../gaps.ts';
import { invalid, unsupported } from '../parse-fault.ts';
import type { ParsedSection } from '../port.ts';
import { textOfHtml } from '../text/html-text.ts';
import { readXml } from '../text/read-xml.ts';
import { TextBudget, TextBuilder } from '../text/text-builder.ts';
import { partNamed } from './office-relations.ts';
import type { ZipParts } from './zip-parts.ts';

/** Obfuscated fonts do not affect the text. */
const FONT_SCRAMBLING = new Set(['http://www.idpf.org/2008/embedding', 'http://ns.adobe.com/pdf/enc#RC']);
/** Chapters are XML (EPUB 3.3, section 6.1); only this file extension means HTML. */
const HTML_NAME = /\.html?$/i;
const IMAGE_NAME = /\.(?:jpe?g|png|gif|webp)$/i;

/** A book: one section per chapter, in reading order. Missing chapters are reported as gaps. */
export async function parseEpub(parts: ZipParts, gaps: Gaps): Promise<ParsedSection[]> {
  await refuseEncrypted(parts);
  const budget = new TextBudget();
  const sections: ParsedSection[] = [];
  for (const chapter of await chaptersOf(parts, gaps)) {
    // A chapter's source counts as well as its text, because a book may refer to one chapter many times.
    const html = new TextBuilder(budget);
    for await (const text of parts.read(chapter)) html.add(text);
    const page = html.toString();
    const text = HTML_NAME.test(chapter) ? textOfHtml(page, { budget }) : textOfHtml(page, { budget, isXml: true });
    sections.push({ text, page: null });
  }
  return sections;
}

async function refuseEncrypted(parts: ZipParts): Promise<void> {
  if (parts.find('META-INF/encryption.xml') === undefined) return;
  let isEncrypted = false;
  await readXml(parts.read('META-INF/encryption.xml'), {
    open(name, attributes) {
      if (name === 'EncryptionMethod' && !FONT_SCRAMBLING.has(attributes.Algorithm ?? '')) isEncrypted = true;
    },
  });
  if (isEncrypted) throw unsupported('The book is protected by its publisher (DRM), so its text cannot be read.');
}

async function chaptersOf(parts: ZipParts, gaps: Gaps): Promise<string[]> {
  let packagePart = '';
  await readXml(parts.read('META-INF/container.xml'), {
    open(name, attributes) {
      if (name === 'rootfile' && packagePart === '') packagePart = attributes['full-path'] ?? '';
    },
  });
  if (packagePart === '') throw invalid('The book is damaged: it does not say where its content is.');
  const hrefs = new Map<string, string>();
  const spine: string[] = [];
  await readXml(parts.read(packagePart), {
    open(name, attributes) {
      if (name === 'item') hrefs.set(attributes.id ?? '', attributes.href ?? '');
      if (name === 'itemref') spine.push(attributes.idref ?? '');
    },
  });
  const chapters: string[] = [];
  for (const id of spine) {
    const href = hrefs.get(id);
    const name = href === undefined ? undefined : partNamed(parts, posix.dirname(packagePart), href);
    if (name === undefined || parts.find(name) === undefined)
      gaps.note(`The chapter ${quoted(href ?? id)} is missing in the book.`);
    else if (IMAGE_NAME.test(name)) gaps.note(`The page ${quoted(name)} is a picture, which has no text.`);
    else chapters.push(name);
  }
  if (chapters.length === 0 && spine.length > 0) throw invalid('The book is damaged: all of its chapters are missing.');
  return chapters;
}
