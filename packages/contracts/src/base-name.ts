/** C0 and C1 control characters: NUL, CR, LF, escape sequences. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/**
 * The base name of a file as its sender named it: no path of any system, no control characters, no halves of
 * characters. Empty when nothing of the name is left; every protocol rejects that. A base name is returned unchanged.
 */
export function baseNameOf(given: string): string {
  const last = given.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const name = last.replace(CONTROL, '').trim();
  return /^\.{1,2}$/.test(name) ? '' : name;
}

/** How many characters a text has for a user: an emoji outside the basic plane is one. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
