import { readFile } from 'node:fs/promises';
import PostalMime, { type Address, type Email } from 'postal-mime';
import { type Gaps, quoted } from '../gaps.ts';
import { invalid } from '../parse-fault.ts';
import type { ParsedDocument } from '../port.ts';
import { textOfHtml } from '../text/html-text.ts';

/** Deeper than any mail program nests parts; a deeper file is hostile. */
const NESTING_MAX = 64;
const HEADER_BYTES_MAX = 2 ** 20;
const MESSAGE = 'message/rfc822';

/**
 * A message (`.eml`) or a page saved with its pictures (`.mht`, and the `.doc` that Confluence exports): its subject
 * and correspondents, then its decoded text. Attachments are reported as gaps.
 */
export async function parseMime(path: string, gaps: Gaps): Promise<ParsedDocument> {
  return { mimeType: MESSAGE, sections: [{ text: await textOfMime(await readFile(path), gaps), page: null }] };
}

/** The text of a MIME message, as for `parseMime`. */
export async function textOfMime(bytes: Uint8Array, gaps: Gaps): Promise<string> {
  const email = await readEmail(bytes);
  for (const { filename, disposition, mimeType } of email.attachments) {
    // Pictures and styles of a page have no text; an attachment of a message may have.
    if (disposition !== 'attachment') continue;
    gaps.note(`The attachment ${quoted(filename ?? mimeType)} was not read. Upload it as a file of its own.`);
  }
  const head = [
    ['Subject', email.subject],
    ['From', wordsOf(email.from)],
    ['To', (email.to ?? []).map(wordsOf).join(', ')],
    ['Date', email.date],
  ].filter(([, value]) => value !== undefined && value !== '');
  const lines = email.html === undefined ? (email.text ?? '') : textOfHtml(email.html);
  return [...head.map(([name, value]) => `${name}: ${value}`), '', lines.trim()].join('\n').trim();
}

async function readEmail(bytes: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(bytes, { maxNestingDepth: NESTING_MAX, maxHeadersSize: HEADER_BYTES_MAX });
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw invalid('The message is damaged: its parts cannot be separated.');
  }
}

function wordsOf(address: Address | undefined): string {
  if (address === undefined) return '';
  return address.address === undefined || address.address === ''
    ? address.name
    : `${address.name} <${address.address}>`.trim();
}
