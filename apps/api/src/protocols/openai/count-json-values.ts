/**
 * Counts the values of a JSON text, at most `max` + 1 of them, without building any: what a parser would spend on a text is
 * known before it is asked. Strings are passed over whole, so a text of few long strings costs next to nothing. A text that
 * is no JSON is counted as far as it goes; the parser refuses it.
 */
export function countJsonValues(text: string, max: number): number {
  let count = 1;
  for (let index = 0; index < text.length && count <= max; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === COMMA || code === BRACKET || code === BRACE) count += 1;
  }
  return count;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BRACKET = 0x5b;
const BRACE = 0x7b;
const BACKSLASH = 0x5c;

/** Where the string that begins at `start` ends. */
function endOfString(text: string, start: number): number {
  const quote = text.indexOf('"', start + 1);
  if (quote === -1) return text.length;
  // Nearly always; a text full of escapes would make a search of each.
  if (text.charCodeAt(quote - 1) !== BACKSLASH) return quote;
  let index = start + 1;
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) index += 1;
    else if (code === QUOTE) break;
  }
  return index;
}
