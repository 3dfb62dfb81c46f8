import { attributeOf, readXml } from './read-xml.ts';

/** What was deleted or moved away, what stands in for what older programs cannot show, and page numbers. */
const UNREAD = new Set(['del', 'moveFrom', 'Fallback', 'pPr', 'rPr', 'tblPr', 'rPh']);

/** The text of WordprocessingML or DrawingML: a line a paragraph, a line a table row with tabs between its cells. */
export async function textOfOfficeXml(source: AsyncIterable<string>): Promise<string> {
  const pieces: string[] = [];
  let unreadDepth = 0;
  let cellDepth = 0;
  let isText = false;
  const add = (piece: string) => {
    if (unreadDepth === 0) pieces.push(piece);
  };
  await readXml(source, {
    open(name, attributes) {
      if (UNREAD.has(name) || isPageNumber(name, attributes)) unreadDepth += 1;
      else if (unreadDepth > 0 && name === 'fld') unreadDepth += 1;
      if (name === 't') isText = true;
      else if (name === 'tc') cellDepth += 1;
      else if (name === 'tab' || name === 'ptab') add('\t');
      else if (name === 'br' || name === 'cr') add('\n');
      else if (name === 'noBreakHyphen') add('-');
    },
    close(name) {
      if (name === 't') isText = false;
      else if (name === 'p') add(cellDepth > 0 ? ' ' : '\n');
      else if (name === 'tc') {
        cellDepth -= 1;
        add('\t');
      } else if (name === 'tr') add(cellDepth > 0 ? ' ' : '\n');
      if (unreadDepth > 0 && (UNREAD.has(name) || name === 'fld')) unreadDepth -= 1;
    },
    text(text) {
      if (isText) add(text);
    },
  });
  return pieces
    .join('')
    .replace(/[ \t]+$/gm, '')
    .replace(/ +\t/g, '\t')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function isPageNumber(name: string, attributes: Readonly<Record<string, string>>): boolean {
  return name === 'fld' && attributeOf(attributes, 'type') === 'slidenum';
}
