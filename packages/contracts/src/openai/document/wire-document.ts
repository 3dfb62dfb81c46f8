import { z } from 'zod';
import * as requests from '../requests.ts';
import { WIRE_ROUTES, type WireContract } from '../routes.ts';
import * as answers from './answers.ts';
import { PARAMETER_EXAMPLES } from './examples.ts';
import { WIRE_OPERATIONS, WIRE_TAGS, type WireOperation } from './operations.ts';
import { FORM_FIELDS, type JsonSchema, PATH_PARAMETERS, type PathParameter, QUERY_PARAMETERS } from './parameters.ts';
import { ALWAYS, joinRefusals, WITH_BODY } from './refusals.ts';

const SCHEMAS = '#/components/schemas/';
const RESPONSES = '#/components/responses/';
const JSON_TYPE = 'application/json';

/** By status and codes, so that operations share them. */
type SharedResponses = Map<string, { readonly name: string; readonly response: object }>;

/** Names of schemas in the document: as in the code, requests by their purpose. */
const { SearchBodyWithRawFilter: _, ...namedRequests } = requests;

/**
 * The OpenAPI document of `/v1`, generated from the route table. `servers` are its base URLs, each ending with `/v1`:
 * paths are relative to the base URL of the SDKs.
 */
export function wireDocument({ version, servers }: { readonly version: string; readonly servers: readonly object[] }) {
  const responses: SharedResponses = new Map();
  const paths = Object.fromEntries(
    Object.entries<Partial<Record<string, WireContract>>>(WIRE_ROUTES).map(([path, methods]) => [
      path.replaceAll(/:(\w+)/g, '{$1}'),
      Object.fromEntries(
        Object.keys(methods).map((method) => [method.toLowerCase(), operationOf(path, method, responses)]),
      ),
    ]),
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'Espejo: the OpenAI protocol',
      version,
      description:
        "The part of OpenAI's API that deals with vector stores, files and embeddings, for stores of this Espejo and for mirrors. " +
        'The official SDKs need only its address as their base URL. `HEAD` works wherever `GET` does.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers,
    security: [{ bearer: [] }],
    tags: Object.entries(WIRE_TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas(),
      responses: Object.fromEntries([...responses.values()].map(({ name, response }) => [name, response])),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A key created in the console, or ESPEJO_API_KEY. Without any, only requests from this machine are accepted.',
        },
      },
    },
  };
}

function operationOf(path: string, method: string, responses: SharedResponses) {
  const methods: Partial<Record<string, WireOperation>> = WIRE_OPERATIONS[path as keyof typeof WIRE_OPERATIONS];
  const operation = methods[method];
  if (operation === undefined) throw new Error(`${method} ${path} is not described`);
  const { operationId, summary, description, tag, query = [], body, form } = operation;
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => pathParameter(name as PathParameter));
  const parameters = [...inPath, ...query.map(queryParameter)];
  return {
    operationId,
    summary,
    description,
    tags: [tag],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: body.isOptional !== true,
        content: { [JSON_TYPE]: { schema: ref(body.schema), example: body.example } },
      },
    }),
    ...(form && { requestBody: { required: true, content: { 'multipart/form-data': { schema: formSchema(form) } } } }),
    responses: { 200: successResponse(operation), ...refusalsOf(method, operation, responses) },
  };
}

function pathParameter(name: PathParameter) {
  return {
    name,
    in: 'path',
    required: true,
    description: PATH_PARAMETERS[name],
    schema: { type: 'string' },
    example: PARAMETER_EXAMPLES[name],
  };
}

function queryParameter(name: keyof typeof QUERY_PARAMETERS) {
  return {
    name: name === 'filesLimit' ? 'limit' : name,
    in: 'query',
    required: false,
    ...QUERY_PARAMETERS[name],
  };
}

function formSchema(fields: NonNullable<WireOperation['form']>): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map((name) => [name, { ...FORM_FIELDS[name].schema, description: FORM_FIELDS[name].description }]),
    ),
    required: fields.filter((name) => FORM_FIELDS[name].isRequired),
    additionalProperties: false,
  };
}

function successResponse({ answer }: WireOperation) {
  const content =
    answer === 'bytes'
      ? { 'application/octet-stream': { schema: { type: 'string', contentMediaType: 'application/octet-stream' } } }
      : { [JSON_TYPE]: { schema: ref(answer.schema), example: answer.example } };
  return { description: 'OK', content };
}

function refusalsOf(method: string, { refusals }: WireOperation, responses: SharedResponses) {
  const ofMethod = method === 'GET' ? [] : [WITH_BODY];
  const byStatus = Object.entries(joinRefusals([ALWAYS, ...ofMethod, ...refusals]));
  return Object.fromEntries(
    byStatus.map(([status, codes]) => {
      const key = [status, ...codes].join();
      const name = responses.get(key)?.name ?? `${status}-${responses.size + 1}`;
      responses.set(key, { name, response: refusalOf(codes) });
      return [status, { $ref: `${RESPONSES}${name}` }];
    }),
  );
}

function refusalOf(codes: readonly (string | null)[]) {
  const code = codes.find((one) => one !== null) ?? null;
  const error = {
    message: 'What happened, and what to do about it.',
    type: 'invalid_request_error',
    param: null,
    code,
  };
  return {
    description: `\`code\` is ${codes.map((one) => `\`${one}\``).join(', ')}`,
    content: {
      [JSON_TYPE]: {
        schema: {
          allOf: [
            ref(answers.WireErrorBody),
            { type: 'object', properties: { error: { type: 'object', properties: { code: { enum: codes } } } } },
          ],
        },
        example: { error },
      },
    },
  };
}

/** By schema: its name in the document. */
const NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries({ ...answers, ...namedRequests })
    .filter(([, schema]) => schema instanceof z.ZodType)
    .map(([name, schema]) => [schema, name]),
);

function ref(schema: z.ZodType): JsonSchema {
  const name = NAMES.get(schema);
  if (name === undefined) throw new Error('A schema of the document is not exported under a name');
  return { $ref: `${SCHEMAS}${name}` };
}

/** Requests as they are sent, responses as they are received. */
function schemas(): Record<string, JsonSchema> {
  return { ...written(namedRequests, 'input'), ...written(answers, 'output') };
}

function written(named: Readonly<Record<string, unknown>>, io: 'input' | 'output'): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) if (schema instanceof z.ZodType) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io, uri: (id) => `${SCHEMAS}${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema as JsonSchema]),
  );
}
