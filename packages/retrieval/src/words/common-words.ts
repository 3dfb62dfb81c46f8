/// <reference path="./stopword.d.ts" />
import {
  ara,
  ces,
  dan,
  deu,
  ell,
  eng,
  fas,
  fin,
  fra,
  heb,
  hin,
  hun,
  ind,
  ita,
  jpn,
  kor,
  nld,
  nob,
  pol,
  por,
  ron,
  rus,
  spa,
  swe,
  tha,
  tur,
  ukr,
  vie,
  zho,
} from 'stopword';
import { queryWords } from './split-words.ts';

const LISTS = [
  ara,
  ces,
  dan,
  deu,
  ell,
  eng,
  fas,
  fin,
  fra,
  heb,
  hin,
  hun,
  ind,
  ita,
  jpn,
  kor,
  nld,
  nob,
  pol,
  por,
  ron,
  rus,
  spa,
  swe,
  tha,
  tur,
  ukr,
  vie,
  zho,
];

let words: ReadonlySet<string> | undefined;

/** Whether a folded word is a common word of some language: an article, pronoun or auxiliary verb. */
export function isCommonWord(word: string): boolean {
  words ??= foldLists();
  return words.has(word);
}

/** Only entries that are one word when they are split like texts: a phrase is not common because its words are. */
function foldLists(): ReadonlySet<string> {
  const folded = new Set<string>();
  for (const entry of LISTS.flat()) {
    const found = queryWords(entry).flatMap(({ word, parts }) => [word, ...(parts ?? [])]);
    if (found.length === 1 && found[0] !== undefined) folded.add(found[0]);
    // "don't" and "l'on" are common, whole and in parts.
    else if (/['’]/.test(entry)) for (const word of found) folded.add(word);
  }
  return folded;
}
