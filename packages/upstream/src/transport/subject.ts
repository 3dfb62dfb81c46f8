import { malformed } from '../parse/malformed.ts';

/** The object of a request, as text and ids. */
export interface Subject {
  /** `Vector store 'vs_1'`: made of fixed text and ids. */
  readonly label: string;
  /** A 404 about one of these proves that the subject is absent. */
  readonly ids: readonly string[];
}

export function storeSubject(storeId: string): Subject {
  return { label: `Vector store '${storeId}'`, ids: [storeId] };
}

/** An attachment is also gone with its store, so a 404 may name either. */
export function attachmentSubject(storeId: string, fileId: string): Subject {
  return { label: `File '${fileId}' in vector store '${storeId}'`, ids: [fileId, storeId] };
}

export function fileSubject(fileId: string): Subject {
  return { label: `File '${fileId}'`, ids: [fileId] };
}

/** A path of encoded segments. Ids that would change the path (`..`) or cannot be encoded are rejected. */
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
