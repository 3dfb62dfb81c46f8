import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { type getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import { type Gaps, pagesAre, pictureGap, quoted } from '../gaps.ts';
import { invalid, ParseFault, unsupported } from '../parse-fault.ts';
import type { ParsedDocument, ParsedSection } from '../port.ts';
import { TextBudget } from '../text/text-builder.ts';
import { annotationTexts, attachedFileNames, type PdfAnnotation } from './annotation-text.ts';
import { pageText, type TextRun } from './page-text.ts';

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
type PdfLibrary = Awaited<ReturnType<typeof getResolvedPDFJS>>;
type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;

const SILENT = 0;
const LOOKED_AT_MAX = 20;
/** A PDF declares its own number of pages, which may be anything. */
const PAGES_MAX = 20_000;
/** Private-use characters have no meaning outside the font: with a larger share of them, the page has no text. */
const UNNAMED_SHARE_MAX = 0.3;
const UNNAMED = /[\ue000-\uf8ff\ufffd]/g;

/** Tables that map the codes of Chinese, Japanese and Korean fonts to characters (ISO 32000-1, table 118). */
const CMAP_FOLDER = join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'cmaps') + sep;

/** A PDF: one section per page with its text, the values of its form and its notes. Pictures of text are not read. */
export async function parsePdf(path: string, gaps: Gaps): Promise<ParsedDocument> {
  const library = await getResolvedPDFJS();
  const loading = library.getDocument({
    data: bytesOf(await readFile(path)),
    cMapUrl: CMAP_FOLDER,
    cMapPacked: true,
    useSystemFonts: true,
    verbosity: SILENT,
  });
  try {
    const document = await loading.promise.catch((error: unknown) => {
      throw explain(error);
    });
    await noteAttachments(document, gaps);
    return await documentOf(library, document, gaps);
  } finally {
    // Frees unpacked streams and fonts, which are kept until the document is destroyed.
    await loading.destroy();
  }
}

async function documentOf(library: PdfLibrary, document: PdfDocument, gaps: Gaps): Promise<ParsedDocument> {
  if (document.numPages > PAGES_MAX) throw invalid(`The PDF has more than ${PAGES_MAX} pages. Split it.`);
  const budget = new TextBudget();
  const sections: ParsedSection[] = [];
  const damaged: number[] = [];
  const unnamed: number[] = [];
  const empty: number[] = [];
  for (let page = 1; page <= document.numPages; page += 1) {
    try {
      const text = await textOfPage(document, page, { budget, gaps });
      if (isUnnamed(text)) unnamed.push(page);
      if (text === '') empty.push(page);
      sections.push({ text, page });
    } catch (error) {
      if (error instanceof ParseFault) throw error;
      // A damaged page does not affect the other pages.
      damaged.push(page);
    }
  }
  if (sections.length === 0 && damaged.length > 0) throw invalid('The PDF is damaged: none of its pages can be read.');
  if (!sections.some((section) => section.text !== '')) {
    const { code, message } = unsupported(
      'The PDF has no text, only images or drawings. Run text recognition (OCR) on it and upload the result.',
    );
    throw new ParseFault(code, message, empty);
  }
  noteWhere(gaps, damaged, 'damaged and could not be read');
  const pictures = await withoutBlank(library, document, empty);
  if (pictures.length > 0) gaps.note(pictureGap(pictures));
  noteWhere(gaps, unnamed, 'set in a font that does not say which characters its signs are');
  return {
    mimeType: 'application/pdf',
    sections,
    ...(pictures.length > 0 && { picturePages: pictures }),
  };
}

function noteWhere(gaps: Gaps, pages: readonly number[], what: string): void {
  if (pages.length > 0) gaps.note(pagesAre(pages, what));
}

/**
 * Read in chunks: a page that shows the same text again and again is rejected while it is read, before it is in memory.
 */
async function textOfPage(
  document: PdfDocument,
  page: number,
  { budget, gaps }: { readonly budget: TextBudget; readonly gaps: Gaps },
): Promise<string> {
  const proxy = await document.getPage(page);
  try {
    const runs = await runsOf(proxy, budget);
    const annotations = await annotationsOf(proxy, page, gaps);
    for (const name of attachedFileNames(annotations)) noteFile(gaps, name);
    const placed = annotationTexts(annotations);
    for (const { text } of placed) budget.take(text.length);
    return pageText(runs, placed);
  } finally {
    proxy.cleanup();
  }
}

async function runsOf(proxy: PdfPage, budget: TextBudget): Promise<TextRun[]> {
  const runs: TextRun[] = [];
  const reader = proxy.streamTextContent().getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      for (const item of (read.value as Awaited<ReturnType<PdfPage['getTextContent']>>).items) {
        if (!('str' in item)) continue;
        // Each run needs memory besides its text.
        budget.take(item.str.length + 1);
        runs.push(item as TextRun);
      }
    }
  } catch (error) {
    await reader.cancel(error).catch(() => undefined);
    throw error;
  }
  return runs;
}

/** A damaged form or note does not affect the text of the page. */
async function annotationsOf(proxy: PdfPage, page: number, gaps: Gaps): Promise<readonly PdfAnnotation[]> {
  try {
    return await proxy.getAnnotations();
  } catch {
    gaps.note(`The form and the notes of page ${page} are damaged and could not be read.`);
    return [];
  }
}

async function noteAttachments(document: PdfDocument, gaps: Gaps): Promise<void> {
  const attached: unknown = await document.getAttachments().catch(() => null);
  if (!(attached instanceof Map)) return;
  for (const [name, file] of attached as Map<string, { readonly filename?: unknown }>) {
    noteFile(gaps, typeof file?.filename === 'string' ? file.filename : name);
  }
}

function noteFile(gaps: Gaps, name: string): void {
  gaps.note(`The attached file ${quoted(name)} was not read. Upload it as a file of its own.`);
}

/**
 * Pages without text that draw something. The check is as expensive as their pictures, so only the first few are
 * checked.
 */
async function withoutBlank(library: PdfLibrary, document: PdfDocument, pages: readonly number[]): Promise<number[]> {
  const drawn: number[] = [];
  for (const [index, page] of pages.entries()) {
    if (index >= LOOKED_AT_MAX || !(await isBlank(library, document, page))) drawn.push(page);
  }
  return drawn;
}

/** Whether a page without text draws nothing at all. When this is unknown it counts as a picture. */
async function isBlank({ OPS }: PdfLibrary, document: PdfDocument, page: number): Promise<boolean> {
  const proxy = await document.getPage(page);
  try {
    const { fnArray } = await proxy.getOperatorList();
    const painting = new Set<number>([
      OPS.paintImageXObject,
      OPS.paintInlineImageXObject,
      OPS.paintImageMaskXObject,
      OPS.paintImageXObjectRepeat,
      OPS.constructPath,
      OPS.shadingFill,
      OPS.showText,
    ]);
    return !fnArray.some((operation) => painting.has(operation));
  } catch {
    return false;
  } finally {
    proxy.cleanup();
  }
}

function isUnnamed(text: string): boolean {
  return text !== '' && (text.match(UNNAMED)?.length ?? 0) > text.length * UNNAMED_SHARE_MAX;
}

function explain(error: unknown): unknown {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') return unsupported('The PDF is protected by a password. Upload it without one.');
  if (error instanceof RangeError) return error;
  return invalid('The PDF is damaged and cannot be opened.');
}

/** The buffer's bytes, copied only from a buffer that shares its memory with others. */
function bytesOf(buffer: Buffer<ArrayBuffer>): Uint8Array {
  return buffer.byteLength === buffer.buffer.byteLength ? new Uint8Array(buffer.buffer) : new Uint8Array(buffer);
}
