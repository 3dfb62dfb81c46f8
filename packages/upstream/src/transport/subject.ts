import { malformed } from '../parse/malformed.ts';

/** What a request asks for, in words and ids. */
export interface Subject {
  /** `Vector store 'vs_1'`: made of our own words and ids. */
  readonly label: string;
  /** A 404 that says one of these is absent proves the subject absent. */
  readonly ids: readonly string[];
}

export function storeSubject(storeId: string): Subject {
  return { label: `Vector store '${storeId}'`, ids: [storeId] };
}

/** With its store an attachment is gone too, so a 404 may name either. */
export function attachmentSubject(storeId: string, fileId: string): Subject {
  return { label: `File '${fileId}' in vector store '${storeId}'`, ids: [fileId, storeId] };
}

export function fileSubject(fileId: string): Subject {
  return { label: `File '${fileId}'`, ids: [fileId] };
}

/** A path of encoded segments. Ids that would change the path (`..`) or have no encoding are refused. */
export function pathOf(...segments: readonly string[]): string {
  return segments
    .map((segment) => {
      if (segment === '' || segment === '.' || segment === '..' || !segment.isWellFormed()) {
        throw malformed('an id in it cannot be put into a URL');
      }
      return `/${encodeURIComponent(segment)}`;
    })
    .join('');
}
