import fc from 'fast-check';
import { type OpenApiDocument, type Operation, operationsOf } from './document.ts';
import { allowed } from './schema-values.ts';
import type { RequestSources, Target } from './target.ts';
import { wireTargets } from './wire-targets.ts';

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

/** Connections point to the sandbox or nowhere: a test sends no request to the internet. */
function pinPlace(operationId: string, value: unknown, baseUrl: string): unknown {
  if (!/onnection/.test(operationId) || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  const given = 'baseUrl' in value ? value.baseUrl : undefined;
  const isPlace = typeof given === 'string' ? URL.canParse(given) : given === undefined;
  return isPlace ? { ...value, baseUrl, ...('syncCron' in value ? { syncCron: '0 0 1 1 *' } : {}) } : value;
}
