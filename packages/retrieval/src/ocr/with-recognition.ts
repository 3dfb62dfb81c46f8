import { pagesAre, pictureGap } from '../parse/gaps.ts';
import type { FileToParse, ParsedDocument, ParseOptions, ParseResult, Parser } from '../parse/port.ts';

/** Files with more such pages are not recognised completely: each page takes seconds. */
const PAGES_MAX = 300;
const PDF = 'application/pdf';

/**
 * A parser that also recognises text on pages without text. The result names such pages; a page without recognised
 * text, or that could not be drawn, stays a gap.
 */
export function withRecognition(parser: Parser, recognizer: Parser): Parser {
  return {
    variant: 'recognized',
    async parse(file, options) {
      const result = await parser.parse(file, options);
      const pages = result.ok ? result.document.picturePages : result.failure.picturePages;
      if (pages === undefined || pages.length === 0) return result;
      await options?.onRecognition?.();
      return recognize(recognizer, { file, result, pages, options });
    },
    async close() {
      await Promise.all([parser.close(), recognizer.close()]);
    },
  };
}

interface Reading {
  readonly file: FileToParse;
  readonly result: ParseResult;
  /** The pages without text. */
  readonly pages: readonly number[];
  readonly options: ParseOptions | undefined;
}

async function recognize(recognizer: Parser, { file, result, pages, options }: Reading): Promise<ParseResult> {
  const { signal, turn } = options ?? {};
  const read = await recognizer.parse({ ...file, pages: pages.slice(0, PAGES_MAX) }, { signal, turn });
  if (!read.ok) {
    if (!result.ok) return result;
    const gaps = [...(result.document.gaps ?? []), `Text recognition (OCR) failed: ${read.failure.message}`];
    return { ok: true, document: { ...result.document, gaps } };
  }
  const texts = new Map<number | null, string>();
  for (const { page, text } of read.document.sections) if (text !== '') texts.set(page, text);
  if (texts.size === 0) return result;
  const document: ParsedDocument = result.ok ? result.document : { mimeType: PDF, sections: emptySections(pages) };
  const left = pages.filter((page) => !texts.has(page));
  const gaps = [
    ...(document.gaps ?? []).filter((gap) => gap !== pictureGap(pages)),
    pagesAre([...texts.keys()].map(Number), 'read by text recognition (OCR), which makes mistakes'),
    ...(left.length === 0 ? [] : [pictureGap(left)]),
  ];
  const sections = document.sections.map((section) => ({ ...section, text: texts.get(section.page) ?? section.text }));
  return { ok: true, document: { mimeType: document.mimeType, sections, gaps } };
}

function emptySections(pages: readonly number[]): ParsedDocument['sections'] {
  return pages.map((page) => ({ text: '', page }));
}
