import fc from 'fast-check';
import { type OpenApiDocument, type Operation, operationsOf } from './document.ts';
import { allowed } from './schema-values.ts';
import { wireTargets } from './wire-targets.ts';

/** An operation, and what a request of it is made of while nothing is bent. */
export interface Target {
  readonly operationId: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  /** Good values of each parameter of the query. */
  readonly query: Readonly<Record<string, fc.Arbitrary<string>>>;
  /** Good JSON bodies; null: it takes none. */
  readonly json: fc.Arbitrary<unknown> | null;
  /** The field of a form that holds the file, and its other fields; null: it takes no form. */
  readonly form: { readonly file: string; readonly fields: Readonly<Record<string, string>> } | null;
  /** The body is a file as it is. */
  readonly isUpload: boolean;
}

export interface RequestSources {
  /** Ids that exist, so that requests reach what is behind the 404. */
  readonly ids: readonly string[];
  /** Cursors that were handed out. */
  readonly cursors: readonly string[];
  /** The one place connections may point to. */
  readonly baseUrl: string;
}

/** Every operation of the document, and every one under `/v1`. */
export function targetsOf(document: OpenApiDocument, sources: RequestSources): Target[] {
  const console = operationsOf(document).map(({ method, path, operation }): Target => {
    const schema = operation.requestBody?.content['application/json']?.schema;
    const json = schema === undefined ? null : allowed(document.components.schemas, schema);
    const { operationId } = operation;
    return {
      operationId,
      method,
      path,
      query: queryOf(operation, sources),
      json: json?.map((value) => pinPlace(operationId, value, sources.baseUrl)) ?? null,
      form: null,
      isUpload: operationId === 'uploadToVectorStore',
    };
  });
  return [...console, ...wireTargets(sources)];
}

function queryOf(operation: Operation, { cursors }: RequestSources): Target['query'] {
  const fields = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  return Object.fromEntries(
    fields.map(({ name, schema }) => {
      if (name === 'cursor') return [name, fc.constantFrom(...cursors)];
      if (name === 'expression') return [name, fc.constant('*/5 * * * *')];
      return [name, allowed({}, schema).map(String)];
    }),
  );
}

/** Connections point to the sandbox, or to nothing: a test asks no server of the world. */
function pinPlace(operationId: string, value: unknown, baseUrl: string): unknown {
  if (!/onnection/.test(operationId) || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  const given = 'baseUrl' in value ? value.baseUrl : undefined;
  const isPlace = typeof given === 'string' ? URL.canParse(given) : given === undefined;
  return isPlace ? { ...value, baseUrl, ...('syncCron' in value ? { syncCron: '0 0 1 1 *' } : {}) } : value;
}
