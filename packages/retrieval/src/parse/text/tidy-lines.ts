/** Two blanks or more, or one at the end of a line. Each run of blanks is read once, in linear time. */
const BLANKS = /[ \t]{2,}|[ \t](?=[\n\r\u2028\u2029]|$)/g;
const LINE_ENDS = new Set(['\n', '\r', '\u2028', '\u2029']);

/** Text without blanks at the ends of lines, without spaces before tabs, and with one empty line in a row at most. */
export function tidyLines(text: string): string {
  return text
    .replace(BLANKS, (blanks: string, at: number, whole: string) => {
      const next = whole[at + blanks.length];
      if (next === undefined || LINE_ENDS.has(next)) return '';
      const afterTabs = blanks.lastIndexOf('\t') + 1;
      return blanks.slice(0, afterTabs).replaceAll(' ', '') + blanks.slice(afterTabs);
    })
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
