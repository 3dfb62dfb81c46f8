import { posix } from 'node:path';
import { type Gaps, quoted } from '../gaps.ts';
import { textOfMime } from '../mime/parse-mime.ts';
import { ParseFault } from '../parse-fault.ts';
import { declaredEncoding } from '../text/declared-encoding.ts';
import { decodeText } from '../text/decode-text.ts';
import { textOfHtml } from '../text/html-text.ts';
import { readXml } from '../text/read-xml.ts';
import type { TextBudget } from '../text/text-builder.ts';
import { textOfChart } from './chart-text.ts';
import { type Relation, relationsOf } from './office-relations.ts';
import { textOfOfficeXml } from './office-text.ts';
import type { ZipParts } from './zip-parts.ts';

/** What the reader of an Office package passes to every part. */
export interface OfficeReading {
  readonly parts: ZipParts;
  readonly budget: TextBudget;
  readonly gaps: Gaps;
}

/** Parts whose text is inserted where an element refers to them. */
const IN_PLACE = new Set(['chart', 'chartEx', 'diagramData', 'aFChunk']);
/** Embedded files: they may have text, and are of any kind. */
const EMBEDDED_FILES = new Set(['oleObject', 'package', 'control']);

/** The text of one part, including its charts, diagrams and documents. */
export async function textOfPart(reading: OfficeReading, part: string): Promise<string> {
  const { parts, budget } = reading;
  const relations = await relationsOf(parts, part);
  const embedded = await textsInPlace(reading, relations);
  return textOfOfficeXml(parts.read(part), { budget, embedded });
}

/** The texts of the parts inside a part, by the id of the relation. Unread ones are reported as gaps. */
async function textsInPlace(reading: OfficeReading, relations: readonly Relation[]): Promise<Map<string, string>> {
  const { parts, gaps } = reading;
  const texts = new Map<string, string>();
  for (const { id, type, target } of relations) {
    if (EMBEDDED_FILES.has(type)) {
      gaps.note(`The embedded file ${quoted(posix.basename(target))} was not read. Upload it as a file of its own.`);
    } else if (IN_PLACE.has(type)) {
      if (parts.find(target) === undefined) gaps.note(`The part ${quoted(target)} is missing in the file.`);
      else texts.set(id, await textInPlace(reading, type, target));
    }
  }
  return texts;
}

async function textInPlace(reading: OfficeReading, type: string, target: string): Promise<string> {
  const { parts, budget, gaps } = reading;
  try {
    if (type === 'chart' || type === 'chartEx') return await textOfChart(parts.read(target));
    if (type === 'diagramData') return await textOfOfficeXml(parts.read(target), { budget });
    return await textOfDocument(reading, target);
  } catch (error) {
    if (!(error instanceof ParseFault)) throw error;
    gaps.note(`The part ${quoted(target)} was not read: ${error.message}`);
    return '';
  }
}

/** A whole document that another program inserted (altChunk): a page, a saved page, or plain text. */
async function textOfDocument({ parts, budget, gaps }: OfficeReading, target: string): Promise<string> {
  const bytes = await parts.readBytes(target);
  const extension = posix.extname(target).toLowerCase();
  if (
    bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04' ||
    bytes.subarray(0, 5).toString('latin1') === '{\\rtf'
  ) {
    gaps.note(`The embedded document ${quoted(posix.basename(target))} was not read. Upload it as a file of its own.`);
    return '';
  }
  if (
    extension === '.mht' ||
    extension === '.mhtml' ||
    extension === '.eml' ||
    /^mime-version:/im.test(bytes.subarray(0, 4096).toString('latin1'))
  ) {
    const text = await textOfMime(bytes, gaps);
    budget.take(text.length);
    return text;
  }
  const { text, doubt } = decodeText(bytes, { declared: declaredEncoding(bytes), isHtml: true });
  if (doubt !== null) gaps.note(doubt);
  const isPage = /<(?:html|body|p|div|table|!doctype)\b/i.test(text.slice(0, 4096));
  return isPage ? textOfHtml(text, { budget }) : text;
}

/** The texts of the related parts of these types, in the order of the relations, each once. */
export async function textsBeside(
  reading: OfficeReading,
  part: string,
  types: ReadonlySet<string>,
): Promise<{ readonly type: string; readonly text: string }[]> {
  const texts: { type: string; text: string }[] = [];
  const seen = new Set<string>();
  for (const { type, target } of await relationsOf(reading.parts, part)) {
    if (!types.has(type) || seen.has(target)) continue;
    seen.add(target);
    if (reading.parts.find(target) === undefined) {
      reading.gaps.note(`The part ${quoted(target)} is missing in the file.`);
      continue;
    }
    const text = await textOfPart(reading, target);
    if (text !== '') texts.push({ type, text });
  }
  return texts;
}

/** The name of a part's root element, which determines its type wherever it is in the package. */
export async function rootOf(parts: ZipParts, part: string): Promise<string> {
  let root = '';
  await readXml(parts.read(part), {
    open(name) {
      root ||= name;
    },
  });
  return root;
}
