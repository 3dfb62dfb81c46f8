import { posix } from 'node:path';
import { textOfHtml } from './html-text.ts';
import { invalid, unsupported } from './parse-fault.ts';
import type { ParsedSection } from './port.ts';
import { readXml } from './read-xml.ts';
import type { ZipParts } from './zip-parts.ts';

/** Scrambled fonts are no hindrance to reading. */
const FONT_SCRAMBLING = new Set(['http://www.idpf.org/2008/embedding', 'http://ns.adobe.com/pdf/enc#RC']);

/** A book: a section a chapter, in the order in which it is read. */
export async function parseEpub(parts: ZipParts): Promise<ParsedSection[]> {
  await refuseEncrypted(parts);
  const sections: ParsedSection[] = [];
  for (const chapter of await chaptersOf(parts)) {
    let html = '';
    for await (const text of parts.read(chapter)) html += text;
    sections.push({ text: textOfHtml(html), page: null });
  }
  return sections;
}

async function refuseEncrypted(parts: ZipParts): Promise<void> {
  if (!parts.names.has('META-INF/encryption.xml')) return;
  let isEncrypted = false;
  await readXml(parts.read('META-INF/encryption.xml'), {
    open(name, attributes) {
      if (name === 'EncryptionMethod' && !FONT_SCRAMBLING.has(attributes.Algorithm ?? '')) isEncrypted = true;
    },
  });
  if (isEncrypted) throw unsupported('The book is protected by its publisher (DRM), so its text cannot be read.');
}

async function chaptersOf(parts: ZipParts): Promise<string[]> {
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
  const names = spine.map((id) => posix.join(posix.dirname(packagePart), decodeURIComponent(hrefs.get(id) ?? '')));
  return names.filter((name) => parts.names.has(name));
}
