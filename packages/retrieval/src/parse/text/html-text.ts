import { decodeHTML } from 'entities';
import { Parser } from 'htmlparser2';
import { TextBudget, TextBuilder } from './text-builder.ts';

/** What a page does not show: scripts, styles, fallbacks, and ruby readings. */
const UNREAD = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'iframe',
  'object',
  'canvas',
  'audio',
  'video',
  'annotation',
  'annotation-xml',
  'rt',
  'rp',
  'rtc',
]);
const BLOCKS = new Set(
  (
    'address article aside blockquote body br caption center dd desc details dialog dir div dl dt fieldset figcaption figure ' +
    'footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre section ' +
    'select summary svg table tbody text tfoot thead title tr ul'
  ).split(' '),
);
const CELLS = new Set(['td', 'th']);
/** Inputs whose value is shown as text; the value of others is hidden, or is not text. */
const SHOWN_INPUTS = new Set([
  '',
  'text',
  'search',
  'email',
  'url',
  'tel',
  'number',
  'date',
  'time',
  'month',
  'week',
  'datetime-local',
  'submit',
  'button',
  'reset',
]);

/** The browsers' limit. The parser's work per tag grows with the number of open elements. */
const DEPTH_MAX = 512;
/** Elements whose content is text even if it looks like tags: the parser must track that it is inside one. */
const RAW = new Set(['script', 'style', 'title', 'textarea', 'iframe', 'noembed', 'noframes', 'xmp', 'plaintext']);
const XML_PROLOG = /^\ufeff?\s*<\?xml\s/;
const XHTML_ROOT =
  /<(?:[\w-]+:)?html\b[^>]{0,2000}\bxmlns(?::[\w-]+)?\s*=\s*["']http:\/\/www\.w3\.org\/1999\/xhtml["']/;
const ROOT_WITHIN_UNITS = 4096;

/** Whether a page is XHTML, which is XML: it has a prolog, or the namespace in its root. */
function isXhtml(page: string): boolean {
  const head = page.slice(0, ROOT_WITHIN_UNITS);
  return XML_PROLOG.test(head) || XHTML_ROOT.test(head);
}

export interface HtmlOptions {
  readonly budget?: TextBudget;
  /** Read as XML: self-closed elements are closed, CDATA is text, names may have a prefix. */
  readonly isXml?: boolean;
}

/**
 * The text that a page shows: no scripts, no styles, one line per block, a tab between cells, the alternative texts of
 * pictures and the values in fields. Takes linear time: where elements are nested too deep, the outer ones count as
 * closed.
 */
export function textOfHtml(
  html: string,
  { budget = new TextBudget(), isXml = isXhtml(html) }: HtmlOptions = {},
): string {
  const text = new TextBuilder(budget);
  let line = new Line();
  let isFirstLine = true;
  let unreadDepth = 0;
  let preDepth = 0;

  const endLine = (next = '') => {
    line.trimEnd();
    // No empty lines.
    if (!line.isEmpty) {
      if (!isFirstLine) text.add('\n');
      isFirstLine = false;
      line.moveTo(text);
    }
    line = new Line();
    line.add(next);
  };
  const addWords = (words: string) => {
    const collapsed = words.replace(/[ \t\r\n\f]+/g, ' ');
    line.add(line.isEmpty || line.endsInSpace ? collapsed.trimStart() : collapsed);
  };
  /** Text of an attribute, separated from the text around it. */
  const addAttribute = (words: string | undefined) => {
    if (words !== undefined && words.trim() !== '') addWords(` ${isXml ? decodeHTML(words) : words} `);
  };

  let rest: string | undefined = html;
  while (rest !== undefined) {
    let depth = 0;
    let isCut = false;
    let isCdata = false;
    const parser = new Parser(
      {
        onopentag(qualifiedName, attributes) {
          const name = isXml ? localName(qualifiedName) : qualifiedName;
          depth += 1;
          if (UNREAD.has(name)) unreadDepth += 1;
          if (name === 'pre' || name === 'textarea') preDepth += 1;
          if (BLOCKS.has(name)) endLine(name === 'li' ? '- ' : '');
          if (unreadDepth === 0) {
            if (name === 'img' || name === 'area') addAttribute(attributes.alt);
            else if (name === 'input' && SHOWN_INPUTS.has((attributes.type ?? '').toLowerCase()))
              addAttribute(attributes.value);
          }
          if (depth <= DEPTH_MAX || (!isXml && RAW.has(name))) return;
          isCut = true;
          parser.pause();
        },
        onclosetag(qualifiedName) {
          const name = isXml ? localName(qualifiedName) : qualifiedName;
          depth -= 1;
          if (UNREAD.has(name)) unreadDepth -= 1;
          if (name === 'pre' || name === 'textarea') preDepth -= 1;
          if (CELLS.has(name) && !line.isEmpty) {
            line.trimEnd();
            line.add('\t');
          } else if (BLOCKS.has(name)) endLine();
        },
        oncdatastart() {
          isCdata = true;
        },
        oncdataend() {
          isCdata = false;
        },
        ontext(raw) {
          if (unreadDepth > 0) return;
          // XHTML pages use the entities of HTML, which XML does not define.
          const piece = isXml && !isCdata ? decodeHTML(raw) : raw;
          if (preDepth > 0) {
            const [first = '', ...others] = piece.split('\n');
            line.add(first);
            for (const other of others) endLine(other);
            return;
          }
          addWords(piece);
        },
      },
      { decodeEntities: !isXml, xmlMode: isXml },
    );
    parser.write(rest);
    if (isCut) {
      rest = rest.slice(parser.endIndex + 1);
      unreadDepth = 0;
      preDepth = 0;
    } else {
      parser.end();
      rest = undefined;
    }
  }
  endLine();
  return text.toString();
}

/** The name after its prefix, in lower case: `h:P` is `p`. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

/** A line under construction. No operation depends on the line's length, because a page may be one line. */
class Line {
  readonly #pieces: string[] = [];

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  get endsInSpace(): boolean {
    return /\s/.test(this.#pieces.at(-1)?.at(-1) ?? '');
  }

  add(piece: string): void {
    if (piece !== '') this.#pieces.push(piece);
  }

  trimEnd(): void {
    for (let last = this.#pieces.pop(); last !== undefined; last = this.#pieces.pop()) {
      const trimmed = last.trimEnd();
      if (trimmed === '') continue;
      this.#pieces.push(trimmed);
      return;
    }
  }

  moveTo(text: TextBuilder): void {
    for (const piece of this.#pieces) text.add(piece);
  }
}
