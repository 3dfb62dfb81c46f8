import type { PlacedText } from './page-text.ts';

/** The fields of a pdf.js annotation that are used here. Its types are loose, and so are the files. */
export interface PdfAnnotation {
  readonly subtype?: string;
  readonly fieldType?: string;
  readonly fieldValue?: unknown;
  readonly buttonValue?: unknown;
  readonly exportValue?: unknown;
  readonly checkBox?: boolean;
  readonly radioButton?: boolean;
  readonly password?: boolean;
  readonly hidden?: boolean;
  readonly annotationFlags?: number;
  readonly options?: readonly { readonly exportValue?: unknown; readonly displayValue?: unknown }[];
  readonly textContent?: readonly string[];
  readonly contentsObj?: { readonly str?: string };
  readonly rect?: readonly number[];
  readonly file?: { readonly filename?: string };
}

/** Flags of a hidden annotation (ISO 32000-1, table 165). */
const HIDDEN = 1 << 1;
const NO_VIEW = 1 << 5;
/** Popups repeat their note; links and media have no text of their own. */
const WITHOUT_WORDS = new Set([
  'Popup',
  'Link',
  'Sound',
  'Movie',
  'Screen',
  'PrinterMark',
  'TrapNet',
  '3D',
  'RichMedia',
]);
const CHECKED = '[x]';

/** What users typed into a page's form and wrote on it: field values, choices, ticked boxes, notes and free text. */
export function annotationTexts(annotations: readonly PdfAnnotation[]): PlacedText[] {
  const texts: PlacedText[] = [];
  for (const annotation of annotations) {
    const text = isHidden(annotation) ? '' : textOf(annotation).trim();
    const [left = 0, bottom = 0, , top = bottom] = annotation.rect ?? [];
    if (text !== '') texts.push({ text, left, bottom, top });
  }
  return texts;
}

/** The names of files that are attached to the page: they are not read with it. */
export function attachedFileNames(annotations: readonly PdfAnnotation[]): string[] {
  return annotations
    .filter(({ subtype }) => subtype === 'FileAttachment')
    .map(({ file }) => file?.filename ?? 'without a name');
}

function isHidden({ hidden, password, annotationFlags = 0 }: PdfAnnotation): boolean {
  return hidden === true || password === true || (annotationFlags & (HIDDEN | NO_VIEW)) !== 0;
}

function textOf(annotation: PdfAnnotation): string {
  const { subtype = '', contentsObj, textContent } = annotation;
  if (WITHOUT_WORDS.has(subtype)) return '';
  const appearance = (textContent ?? []).join('\n');
  if (subtype === 'Widget') return fieldText(annotation) || appearance;
  return contentsObj?.str || appearance;
}

function fieldText({ fieldType, fieldValue, options = [], ...button }: PdfAnnotation): string {
  switch (fieldType) {
    case 'Btn':
      return isTicked(fieldValue, button) ? CHECKED : '';
    case 'Ch':
      return asTexts(fieldValue)
        .map((value) => asTexts(options.find(({ exportValue }) => exportValue === value)?.displayValue)[0] ?? value)
        .join(', ');
    case 'Tx':
      return asTexts(fieldValue).join('\n');
    default:
      return '';
  }
}

function isTicked(
  value: unknown,
  {
    checkBox,
    radioButton,
    buttonValue,
    exportValue,
  }: Pick<PdfAnnotation, 'checkBox' | 'radioButton' | 'buttonValue' | 'exportValue'>,
): boolean {
  if (typeof value !== 'string' || value === 'Off' || value === '') return false;
  if (radioButton === true) return value === buttonValue;
  return checkBox === true && (exportValue === undefined || value === exportValue);
}

function asTexts(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((item) => typeof item === 'string' && item !== '');
}
