/**
 * Counts the values of a JSON text, at most `max` + 1 of them, without building any: the cost of a parse is known
 * beforehand. Strings are skipped as a whole, so a text of few long strings is cheap. Text that is not JSON is counted
 * as far as possible; the parser rejects it.
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

/** The end of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  const quote = text.indexOf('"', start + 1);
  if (quote === -1) return text.length;
  // The usual case; in a text full of escapes it would search for each.
  if (text.charCodeAt(quote - 1) !== BACKSLASH) return quote;
  let index = start + 1;
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) index += 1;
    else if (code === QUOTE) break;
  }
  return index;
}
