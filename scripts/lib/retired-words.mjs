/** Words that the glossary replaced (docs/glossary.md), and where they are still written. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @type {readonly { readonly word: string, readonly use: string }[]} */
export const RETIRED_WORDS = [
  { word: 'turnstile', use: 'event-loop throttle' },
  { word: 'blot', use: 'redact' },
  { word: 'lookout', use: 'precondition monitor' },
  { word: 'whoever', use: 'a caller that, the user who' },
  { word: 'anew', use: 'again' },
  { word: "nobody's", use: 'of no one, or what it is' },
  { word: 'taken in', use: 'ingested, read or accepted' },
  { word: 'taking in', use: 'ingesting' },
  { word: 'of ours', use: 'primary, or of Espejo' },
  { word: 'befalls', use: 'happens to' },
  { word: 'in vain', use: 'without effect' },
  { word: 'is nothing of', use: 'does not belong to' },
  { word: 'held to', use: 'limited to' },
  { word: 'asleep', use: 'disabled' },
  { word: 'by itself', use: 'automatically' },
  { word: 'by themselves', use: 'automatically' },
  { word: 'on its way', use: 'in progress' },
  { word: 'whole again', use: 'reset' },
  { word: 'canary', use: 'sample file' },
  { word: 'canaries', use: 'sample files' },
  { word: 'verdict', use: 'retry decision, outcome' },
  { word: 'strange browser', use: 'unrecognised device' },
  { word: 'tallies', use: 'counts' },
  { word: 'bent request', use: 'malformed request' },
  { word: 'local work', use: 'outbox' },
];

const CHECKED = /\.(ts|tsx|mjs|md|sql|sh|yml)$/;
/** The glossary and this file list the words; changelog, decisions and migrations are not rewritten. */
const NOT_CHECKED = /^(CHANGELOG\.md|docs\/glossary\.md|docs\/adr\/.*|scripts\/lib\/retired-words.*|migrations\/.*)$/;

/**
 * Returns each retired word in a text with its line.
 * @param {string} text
 * @param {readonly { readonly word: string, readonly use: string }[]} [words]
 * @returns {{ readonly line: number, readonly word: string, readonly use: string }[]}
 */
export function findRetiredWords(text, words = RETIRED_WORDS) {
  const pattern = new RegExp(`\\b(${words.map(({ word }) => word.replaceAll(' ', '\\s+')).join('|')})s?\\b`, 'gi');
  const found = [];
  for (const match of text.matchAll(pattern)) {
    const said = (match[1] ?? '').toLowerCase().replaceAll(/\s+/g, ' ');
    const entry = words.find(({ word }) => word === said);
    if (entry === undefined) continue;
    const line = text.slice(0, match.index).split('\n').length;
    found.push({ line, ...entry });
  }
  return found;
}

/**
 * Every place in the files of git, as `path:line: 'word' (say: use)`.
 * @param {string} root
 * @returns {string[]}
 */
export function listRetiredWords(root) {
  const paths = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }).split('\0');
  return paths
    .filter((path) => CHECKED.test(path) && !NOT_CHECKED.test(path))
    .flatMap((path) => {
      /** @type {string} */
      let text;
      try {
        text = readFileSync(join(root, path), 'utf8');
      } catch {
        return []; // Deleted, and not yet committed.
      }
      return findRetiredWords(text).map(({ line, word, use }) => `${path}:${line}: '${word}' (say: ${use})`);
    });
}
