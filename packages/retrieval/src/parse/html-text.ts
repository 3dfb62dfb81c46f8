import { Parser } from 'htmlparser2';
import { decode, decodeText } from './decode-text.ts';
import { ParseFault } from './parse-fault.ts';

const UNREAD = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'svg',
  'math',
  'iframe',
  'object',
  'canvas',
  'audio',
  'video',
]);
const BLOCKS = new Set(
  (
    'address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure ' +
    'footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre section ' +
    'select summary table tbody tfoot thead title tr ul'
  ).split(' '),
);
const CELLS = new Set(['td', 'th']);
const META_CHARSET = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i;

/** The bytes of a page as text; pages alone may be in the encoding that they name themselves. */
export function decodeHtml(bytes: Uint8Array): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    const named = META_CHARSET.exec(Buffer.from(bytes.subarray(0, 4096)).toString('latin1'))?.[1];
    const text = named === undefined || !(error instanceof ParseFault) ? undefined : decode(bytes, named);
    if (text === undefined || text.includes('\0')) throw error;
    return text;
  }
}

/** What a reader of the page would read: no scripts, no styles, a line a block, a tab between cells. */
export function textOfHtml(html: string): string {
  const lines: string[] = [];
  let line = '';
  let unreadDepth = 0;
  let preDepth = 0;

  const endLine = () => {
    const ready = line.trimEnd();
    // One empty line at most, and none at the beginning.
    if (ready !== '') lines.push(ready);
    line = '';
  };
  const parser = new Parser(
    {
      onopentag(name) {
        if (UNREAD.has(name)) unreadDepth += 1;
        if (name === 'pre' || name === 'textarea') preDepth += 1;
        if (BLOCKS.has(name)) endLine();
        if (name === 'li') line = '- ';
      },
      onclosetag(name) {
        if (UNREAD.has(name)) unreadDepth -= 1;
        if (name === 'pre' || name === 'textarea') preDepth -= 1;
        if (CELLS.has(name) && line !== '') line = `${line.trimEnd()}\t`;
        else if (BLOCKS.has(name)) endLine();
      },
      ontext(text) {
        if (unreadDepth > 0) return;
        if (preDepth > 0) {
          const [first = '', ...rest] = text.split('\n');
          line += first;
          for (const next of rest) {
            endLine();
            line = next;
          }
          return;
        }
        const collapsed = text.replace(/[ \t\r\n\f]+/g, ' ');
        line += line === '' || /\s$/.test(line) ? collapsed.trimStart() : collapsed;
      },
    },
    { decodeEntities: true },
  );
  parser.write(html);
  parser.end();
  endLine();
  return lines.join('\n');
}
