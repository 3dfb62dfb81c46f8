import { type OpenApiDocument, operationsOf, resolved } from './document.ts';

export interface DeclaredErrors {
  /** Whether the documents declare this error for the operation; undefined: unknown operation. */
  has(operation: string, status: number, code: string | null): boolean | undefined;
}

/**
 * The declared errors of each operation. Operations of `/api` are named by their id, those of `/v1` as in
 * `GET /v1/files/{fileId}`; `prefix` is the base path of a document's server.
 */
export function declaredErrors(documents: readonly { document: OpenApiDocument; prefix: string }[]): DeclaredErrors {
  const declared = new Map<string, Map<string, readonly unknown[]>>();
  for (const { document, prefix } of documents) {
    for (const { method, path, operation } of operationsOf(document)) {
      const byStatus = new Map(
        Object.entries(operation.responses).map(([status, response]) => {
          const schema = resolved(document, response).content?.['application/json']?.schema;
          const codes = schema?.allOf?.[1]?.properties?.error?.properties?.code?.enum ?? [];
          return [status, codes] as const;
        }),
      );
      // Both documents have operations of the same id, as `listFiles`.
      declared.set(prefix === '' ? operation.operationId : `${method} ${prefix}${path}`, byStatus);
    }
  }
  return {
    has(operation, status, code) {
      const byStatus = declared.get(operation);
      return byStatus === undefined ? undefined : (byStatus.get(String(status))?.includes(code) ?? false);
    },
  };
}

/** Whether a path without its query matches the pattern `/v1/files/{fileId}`. */
export function isOfPattern(path: string, pattern: string): boolean {
  const given = path.split('?', 1)[0]?.split('/') ?? [];
  const wanted = pattern.split('/');
  const isFilled = (part: string) => /^[\w.~%-]+$/.test(part);
  return (
    given.length === wanted.length &&
    wanted.every((part, at) => (part.startsWith('{') ? isFilled(given[at] ?? '') : part === given[at]))
  );
}
