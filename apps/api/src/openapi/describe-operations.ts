import { ERROR_TABLE, type ErrorCode } from '@espejo/core';
import { exampleOf, type Schema } from './example-of.ts';
import { EXAMPLES } from './examples.ts';

interface Media {
  schema?: Schema;
  example?: unknown;
}
interface Answer {
  readonly content?: Record<string, Media>;
}
interface Operation {
  readonly operationId: string;
  readonly requestBody?: Answer;
  responses: Record<string, unknown>;
  'x-errors'?: readonly ErrorCode[];
}
interface Document {
  readonly paths?: Record<string, Record<string, Operation>>;
  readonly components?: { readonly schemas?: Record<string, Schema>; responses?: Record<string, object> };
}

const JSON_TYPE = 'application/json';

/** Adds to every operation of the document its errors by status, and an example of request and response. */
export function describeOperations(document: Document): void {
  const { paths = {}, components = {} } = document;
  const schemas = components.schemas ?? {};
  /** By status and codes, so that operations share them. */
  const refusals = new Map<string, { readonly name: string; readonly response: object }>();
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const { operationId, requestBody, responses } = operation;
    addExample(requestBody, schemas, EXAMPLES[operationId]?.body);
    for (const [status, answer] of Object.entries(responses)) {
      const written = status === 'default' ? errorExample('internal') : EXAMPLES[operationId]?.answer;
      addExample(answer as Answer, schemas, written);
    }
    for (const [status, codes] of byStatus(operation['x-errors'] ?? [])) {
      const key = [status, ...codes].join();
      const name = refusals.get(key)?.name ?? `${status}-${refusals.size + 1}`;
      refusals.set(key, { name, response: refusalOf(codes) });
      responses[status] = { $ref: `#/components/responses/${name}` };
    }
    delete operation['x-errors'];
  }
  const named = [...refusals.values()].map(({ name, response }) => [name, response] as const);
  components.responses = { ...components.responses, ...Object.fromEntries(named) };
}

function addExample(part: Answer | undefined, schemas: Record<string, Schema>, written: unknown): void {
  const media = part?.content?.[JSON_TYPE];
  if (media?.schema !== undefined) media.example ??= written ?? exampleOf(media.schema, schemas);
}

function byStatus(codes: readonly ErrorCode[]): Map<string, ErrorCode[]> {
  return Map.groupBy(codes, (code) => String(ERROR_TABLE[code].status));
}

function refusalOf(codes: readonly ErrorCode[]): object {
  const [code = 'internal'] = codes;
  return {
    description: `\`code\` is ${codes.map((one) => `\`${one}\``).join(', ')}`,
    content: {
      [JSON_TYPE]: {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Error' },
            { type: 'object', properties: { error: { type: 'object', properties: { code: { enum: codes } } } } },
          ],
        },
        example: errorExample(code),
      },
    },
  };
}

function errorExample(code: ErrorCode): object {
  return { error: { code, message: 'What happened, and what to do about it.', requestId: `req_${'0'.repeat(32)}` } };
}
