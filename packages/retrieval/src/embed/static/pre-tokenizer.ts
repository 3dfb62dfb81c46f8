import type { JsonPart } from './json-part.ts';
import { ModelFolderError } from './model-folder-error.ts';
import { readPattern } from './pattern.ts';

/** Splits a normalised text into pieces that tokens never span. */
export type PreTokenize = (text: string) => readonly string[];

const PUNCTUATION = '\\p{P}!-/:-@\\[-`{-~';
const BERT = new RegExp(`[^\\s${PUNCTUATION}]+|[${PUNCTUATION}]`, 'gu');
const WORDS =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\s]+/gu;
const GPT2 = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** The pre-tokenizer of tokenizer.json; null: none. Throws ModelFolderError for an unknown type. */
export function readPreTokenizer(part: JsonPart | null): PreTokenize {
  if (part === null) return (text) => (text === '' ? [] : [text]);
  switch (part.type) {
    case 'Sequence': {
      const steps = part.parts('pretokenizers').map(readPreTokenizer);
      return (text) => steps.reduce<readonly string[]>((pieces, step) => pieces.flatMap(step), [text]);
    }
    case 'BertPreTokenizer':
      return (text) => text.match(BERT) ?? [];
    case 'Whitespace':
      return (text) => text.match(WORDS) ?? [];
    case 'WhitespaceSplit':
      return (text) => text.match(/\S+/g) ?? [];
    case 'Metaspace':
      return readMetaspace(part);
    case 'Punctuation':
      return splitting(new RegExp(`[${PUNCTUATION}]`, 'gu'), part.textOr('behavior', 'Isolated'), false);
    case 'Digits':
      return splitting(part.flag('individual_digits', false) ? /\p{N}/gu : /\p{N}+/gu, 'Isolated', false);
    case 'Split':
      return splitting(
        readPattern(part.part('pattern')),
        part.textOr('behavior', 'Isolated'),
        part.flag('invert', false),
      );
    case 'ByteLevel':
      return readByteLevel(part);
    default:
      throw new ModelFolderError(`tokenizer.json has a pre-tokenizer of type '${part.type}', which is not known.`);
  }
}

function readMetaspace(part: JsonPart): PreTokenize {
  const mark = part.textOr('replacement', '\u2581');
  const scheme = part.textOr('prepend_scheme', part.flag('add_prefix_space', true) ? 'always' : 'never');
  const isSplit = part.flag('split', true);
  return (text) => {
    if (text === '') return [];
    const marked = text.replaceAll(' ', mark);
    const whole = scheme === 'never' || marked.startsWith(mark) ? marked : `${mark}${marked}`;
    return isSplit ? splitBefore(whole, mark) : [whole];
  };
}

/** The pieces of a text, each beginning with the mark, except perhaps the first. */
export function splitBefore(text: string, mark: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (let at = text.indexOf(mark, 1); at !== -1; at = text.indexOf(mark, at + mark.length)) {
    pieces.push(text.slice(from, at));
    from = at;
  }
  pieces.push(text.slice(from));
  return pieces;
}

function splitting(pattern: RegExp, behavior: string, isInverted: boolean): PreTokenize {
  return (text) => {
    const parts: SplitPart[] = [];
    let from = 0;
    const add = (piece: string, isMatch: boolean) => {
      if (piece !== '') parts.push({ text: piece, isMatch: isMatch !== isInverted });
    };
    for (const match of text.matchAll(pattern)) {
      add(text.slice(from, match.index), false);
      add(match[0], true);
      from = match.index + match[0].length;
    }
    add(text.slice(from), false);
    return joinBy(behavior, parts);
  };
}

interface SplitPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** What happens to the matches: they are removed, isolated, or merged with a neighbour. */
function joinBy(behavior: string, parts: readonly SplitPart[]): string[] {
  const pieces: string[] = [];
  for (const [at, { text, isMatch }] of parts.entries()) {
    if (behavior === 'Removed' && isMatch) continue;
    if (pieces.length > 0 && joinsBefore(behavior, parts[at - 1]?.isMatch ?? false, isMatch)) {
      pieces[pieces.length - 1] = `${pieces.at(-1)}${text}`;
    } else {
      pieces.push(text);
    }
  }
  return pieces;
}

function joinsBefore(behavior: string, wasMatch: boolean, isMatch: boolean): boolean {
  if (behavior === 'Contiguous') return wasMatch && isMatch;
  if (behavior === 'MergedWithPrevious') return isMatch && !wasMatch;
  return behavior === 'MergedWithNext' && wasMatch && !isMatch;
}

function readByteLevel(part: JsonPart): PreTokenize {
  const hasPrefix = part.flag('add_prefix_space', true);
  const isSplit = part.flag('use_regex', true);
  const encoder = new TextEncoder();
  const chars = byteChars();
  return (text) => {
    if (text === '') return [];
    const whole = hasPrefix && !text.startsWith(' ') ? ` ${text}` : text;
    const pieces = isSplit ? (whole.match(GPT2) ?? []) : [whole];
    return pieces.map((piece) => Array.from(encoder.encode(piece), (byte) => chars[byte] ?? '').join(''));
  };
}

/** The visible character that represents each byte. */
function byteChars(): string[] {
  const isVisible = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isVisible(byte) ? byte : next++));
}
