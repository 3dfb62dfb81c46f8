import type { ParsedDocument, ParsedSection, ParseResult } from '../port.ts';
import { TEXT_UNITS_MAX } from '../text/text-builder.ts';

/**
 * The format of a parser process's answer: two lengths, a head in JSON, and the text of all sections as one body. The
 * body is Latin-1 if the text fits, as most do, else UTF-16: both are copied, not decoded.
 */
export interface Answer {
  /**
   * Null: the process is ready for its first file. `memory`: the file needs more than there is. `fault`: the parser
   * failed.
   */
  readonly outcome: ParseResult | 'memory' | 'fault' | null;
  /** The memory of the process after the file. */
  readonly rssBytes: number;
}

interface Head {
  /** `document`: a result with the sections below. */
  readonly outcome: Answer['outcome'] | 'document';
  readonly rssBytes: number;
  readonly mimeType: string;
  /** The length and page of each section. */
  readonly sections: readonly (readonly [units: number, page: number | null])[];
  readonly isLatin1: boolean;
  /** Absent: the text is complete. */
  readonly gaps?: readonly string[];
  readonly picturePages?: readonly number[];
}

const LENGTHS_BYTES = 8;
/** Pages and chapters, each with a few digits in the head. */
const HEAD_BYTES_MAX = 8 * 2 ** 20;
const BODY_BYTES_MAX = 2 * TEXT_UNITS_MAX + HEAD_BYTES_MAX;

export function encodeAnswer({ outcome, rssBytes }: Answer): Buffer[] {
  const isDocument = outcome !== null && typeof outcome !== 'string' && outcome.ok;
  const document: ParsedDocument = isDocument ? outcome.document : { mimeType: '', sections: [] };
  const isLatin1 = document.sections.every(({ text }) => /^[\0-\xff]*$/.test(text));
  const head: Head = {
    outcome: isDocument ? 'document' : outcome,
    rssBytes,
    mimeType: document.mimeType,
    sections: document.sections.map(({ text, page }) => [text.length, page]),
    isLatin1,
    ...(document.gaps !== undefined && { gaps: document.gaps }),
    ...(document.picturePages !== undefined && { picturePages: document.picturePages }),
  };
  const headBytes = Buffer.from(JSON.stringify(head));
  const bodies = document.sections.map(({ text }) => Buffer.from(text, isLatin1 ? 'latin1' : 'utf16le'));
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32LE(headBytes.length, 0);
  lengths.writeUInt32LE(
    bodies.reduce((sum, body) => sum + body.length, 0),
    4,
  );
  return [lengths, headBytes, ...bodies];
}

/**
 * Assembles answers from chunks. It never buffers more than an answer may have: push throws as soon as one announces
 * more, or is malformed, and then the process must not be used any more.
 */
export function createAnswerReader(onAnswer: (answer: Answer) => void): { push(piece: Buffer): void } {
  let pieces: Buffer[] = [];
  let size = 0;
  let wanted = LENGTHS_BYTES;

  return {
    push(piece) {
      pieces.push(piece);
      size += piece.length;
      while (size >= wanted) {
        const bytes = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
        pieces = [bytes];
        const headBytes = bytes.readUInt32LE(0);
        const bodyBytes = bytes.readUInt32LE(4);
        if (headBytes > HEAD_BYTES_MAX || bodyBytes > BODY_BYTES_MAX) throw new Error('The answer is too long.');
        wanted = LENGTHS_BYTES + headBytes + bodyBytes;
        if (size < wanted) return;
        const bodyAt = LENGTHS_BYTES + headBytes;
        const head = JSON.parse(bytes.toString('utf8', LENGTHS_BYTES, bodyAt)) as Head;
        const answer = decode(head, bytes.subarray(bodyAt, wanted));
        const rest = bytes.subarray(wanted);
        pieces = rest.length === 0 ? [] : [rest];
        size = rest.length;
        wanted = LENGTHS_BYTES;
        onAnswer(answer);
      }
    },
  };
}

function decode(head: Head, body: Buffer): Answer {
  const { outcome, rssBytes } = head;
  if (outcome !== 'document') return { outcome, rssBytes };
  const text = body.toString(head.isLatin1 ? 'latin1' : 'utf16le');
  let at = 0;
  const sections = head.sections.map(([units, page]): ParsedSection => {
    at += units;
    return { text: text.slice(at - units, at), page };
  });
  if (at !== text.length) throw new Error('The answer does not add up.');
  const { mimeType, gaps, picturePages } = head;
  const document = {
    mimeType,
    sections,
    ...(gaps !== undefined && { gaps }),
    ...(picturePages !== undefined && { picturePages }),
  };
  return { outcome: { ok: true, document }, rssBytes };
}
