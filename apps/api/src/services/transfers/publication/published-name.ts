import type { Attributes } from '@espejo/core';

const ATTRIBUTES_MAX = 16;
const VALUE_CHARS_MAX = 512;

/**
 * The name that a file is uploaded under. OpenAI goes by the extension and rejects upper case, so it is put in lower
 * case. Adopted text gets an extension of text: under the name of a PDF it would be rejected. Pure.
 */
export function toPublishedName(filename: string, isAdoptedText: boolean): string {
  if (isAdoptedText) return `${filename}.txt`;
  return filename.replace(/\.[^./\\]+$/, (ending) => ending.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
}

/**
 * The attributes that a file is published with. A file that is uploaded with another extension than it has here keeps
 * its own name in the attribute `filename`, unless that is taken or there is no room for it. Pure.
 */
export function toPublishedAttributes(
  attributes: Attributes,
  names: { readonly own: string; readonly published: string },
): Attributes {
  const isSame = names.own.length !== names.published.length || names.own === names.published;
  const hasRoom = !('filename' in attributes) && Object.keys(attributes).length < ATTRIBUTES_MAX;
  return isSame || !hasRoom || [...names.own].length > VALUE_CHARS_MAX
    ? attributes
    : { ...attributes, filename: names.own };
}
