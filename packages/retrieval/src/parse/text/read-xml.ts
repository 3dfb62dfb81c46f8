import { Parser } from 'htmlparser2';
import { invalid } from '../parse-fault.ts';

export type XmlAttributes = Readonly<Record<string, string>>;

/** Names are local ones, without the prefix. */
export interface XmlHandler {
  open?(name: string, attributes: XmlAttributes): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Office nests a few dozen elements. The parser's work per tag grows with the number of open elements. */
const XML_DEPTH_MAX = 512;

/** Reads XML in one pass, without a tree. Entities that a document declares itself are not expanded. */
export async function readXml(source: AsyncIterable<string>, handler: XmlHandler): Promise<void> {
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (depth > XML_DEPTH_MAX) {
          throw invalid(`The file is damaged: its elements are nested more than ${XML_DEPTH_MAX} deep.`);
        }
        handler.open?.(localName(name), attributes);
      },
      onclosetag(name) {
        depth -= 1;
        handler.close?.(localName(name));
      },
      ontext: (text) => handler.text?.(text),
    },
    { xmlMode: true, decodeEntities: true },
  );
  for await (const text of source) parser.write(text);
  parser.end();
}

/** An attribute by its local name. */
export function attributeOf(attributes: XmlAttributes, name: string): string | undefined {
  if (attributes[name] !== undefined) return attributes[name];
  for (const [key, value] of Object.entries(attributes)) if (localName(key) === name) return value;
  return undefined;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
