import { attributeOf, readXml, type XmlAttributes } from '../text/read-xml.ts';
import { type TextBudget, TextBuilder } from '../text/text-builder.ts';
import { tidyLines } from '../text/tidy-lines.ts';
import { relationIdOf } from './office-relations.ts';

/** Deleted or moved text, fallbacks for older programs, page numbers, and ruby readings. */
const UNREAD = new Set(['del', 'moveFrom', 'Fallback', 'pPr', 'rPr', 'tblPr', 'rPh', 'rt']);

/** Elements that end a line, besides paragraphs. */
const LINES = new Set(['comment', 'cm', 'threadedComment']);

export interface OfficeTextOptions {
  readonly budget: TextBudget;
  /** Texts of other parts, by the id of their relation: each is inserted where an element refers to it. */
  readonly embedded?: ReadonlyMap<string, string>;
}

/** The text of WordprocessingML or DrawingML: one line per paragraph and per table row, with tabs between cells. */
export async function textOfOfficeXml(
  source: AsyncIterable<string>,
  { budget, embedded = new Map() }: OfficeTextOptions,
): Promise<string> {
  const text = new TextBuilder(budget);
  let unreadDepth = 0;
  let cellDepth = 0;
  let isText = false;
  let isComment = false;
  const add = (piece: string) => {
    if (unreadDepth === 0) text.add(piece);
  };
  await readXml(source, {
    open(name, attributes) {
      if (UNREAD.has(name) || isPageNumber(name, attributes)) unreadDepth += 1;
      else if (unreadDepth > 0 && name === 'fld') unreadDepth += 1;
      if (name === 't' || (isComment && name === 'text')) isText = true;
      // Comments of slides, and threads in sheets, have their text in an element of another name.
      else if (name === 'cm' || name === 'threadedComment') isComment = true;
      else if (name === 'tc') cellDepth += 1;
      else if (name === 'tab' || name === 'ptab') add('\t');
      else if (name === 'br' || name === 'cr') add('\n');
      else if (name === 'noBreakHyphen') add('-');
      else {
        const other = embedded.get(referenceOf(name, attributes));
        if (other !== undefined && other !== '') add(`\n${other}\n`);
      }
    },
    close(name) {
      if (name === 't' || name === 'text') isText = false;
      else if (LINES.has(name)) {
        isComment = false;
        add('\n');
      } else if (name === 'p') add(cellDepth > 0 ? ' ' : '\n');
      else if (name === 'tc') {
        cellDepth -= 1;
        add('\t');
      } else if (name === 'tr') add(cellDepth > 0 ? ' ' : '\n');
      if (unreadDepth > 0 && (UNREAD.has(name) || name === 'fld')) unreadDepth -= 1;
    },
    text(piece) {
      if (isText) add(piece);
    },
  });
  return tidyLines(text.toString());
}

function isPageNumber(name: string, attributes: XmlAttributes): boolean {
  return name === 'fld' && attributeOf(attributes, 'type') === 'slidenum';
}

/** The relation of the part that an element inserts: a chart, a diagram's data, or a whole document. */
function referenceOf(name: string, attributes: XmlAttributes): string {
  if (name === 'altChunk' || name === 'chart') return relationIdOf(attributes);
  return name === 'relIds' ? (attributeOf(attributes, 'dm') ?? '') : '';
}
