import { CONSOLE_ROUTES, type RouteContract } from '@espejo/contracts';
import * as wire from '@espejo/contracts/openai';
import { z } from 'zod';

/** A field of a request, outside its path, that contains an id. */
export interface NamedField {
  /** An operation of `/api`, or method and path of `/v1`. */
  readonly operation: string;
  readonly part: 'body' | 'query';
  /** The path of the field; `[]` is every element of a list. */
  readonly path: readonly string[];
}

/** `attachFile body.fileId`. */
export function labelOf({ operation, part, path }: NamedField): string {
  return `${operation} ${part}.${path.join('.').replaceAll('.[]', '[]')}`;
}

/** Field names whose value is an id. A cursor of the console contains sort values and is not an id. */
const NAMES_AN_OBJECT = /^ids?$|_ids?$|[a-z]Ids?$|^(after|before|leaveOut|planHash)$/;

/** The bodies of `/v1`, whose contracts do not declare them. */
export const WIRE_BODIES: Readonly<Record<string, z.ZodType>> = {
  'POST /vector_stores': wire.CreateStoreBody,
  'POST /vector_stores/:storeId': wire.UpdateStoreBody,
  'POST /vector_stores/:storeId/search': wire.SearchBody,
  'POST /vector_stores/:storeId/files': wire.AttachFileBody,
  'POST /vector_stores/:storeId/files/:fileId': wire.UpdateAttributesBody,
  'POST /vector_stores/:storeId/file_batches': wire.CreateBatchBody,
  'POST /uploads': wire.CreateUploadBody,
  'POST /uploads/:uploadId/complete': wire.CompleteUploadBody,
  'POST /embeddings': wire.EmbeddingsBody,
};

/** Cursors of `/v1` lists are ids. */
const WIRE_LISTS = [
  'GET /vector_stores',
  'GET /vector_stores/:storeId/files',
  'GET /vector_stores/:storeId/file_batches/:batchId/files',
  'GET /files',
];

/** Every field of every contract that contains an id, found by its name. */
export function findNamedFields(): NamedField[] {
  const fields: NamedField[] = [];
  for (const [operation, contract] of Object.entries<RouteContract>(CONSOLE_ROUTES)) {
    for (const part of ['body', 'query'] as const) {
      for (const path of namedPaths(contract[part])) fields.push({ operation, part, path });
    }
  }
  for (const [operation, body] of Object.entries(WIRE_BODIES)) {
    for (const path of namedPaths(body)) fields.push({ operation, part: 'body', path });
  }
  for (const operation of WIRE_LISTS) {
    for (const name of ['after', 'before']) {
      if (operation === 'GET /files' && name === 'before') continue;
      fields.push({ operation, part: 'query', path: [name] });
    }
  }
  return fields;
}

type JsonSchema = Readonly<Record<string, unknown>>;

function namedPaths(schema: z.ZodType | undefined): string[][] {
  if (schema === undefined) return [];
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const found = new Map<string, string[]>();
  walk(root, root, [], new Set());
  return [...found.values()];

  function walk(node: unknown, whole: JsonSchema, path: string[], seen: ReadonlySet<unknown>): void {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    const within = new Set([...seen, node]);
    const { $ref, properties, items, anyOf, oneOf, allOf, additionalProperties } = node as JsonSchema;
    if (typeof $ref === 'string') walk(resolve(whole, $ref), whole, path, within);
    for (const part of [anyOf, oneOf, allOf])
      if (Array.isArray(part)) for (const one of part) walk(one, whole, path, within);
    walk(items, whole, [...path, '[]'], within);
    walk(additionalProperties, whole, [...path, '*'], within);
    for (const [name, value] of Object.entries((properties ?? {}) as JsonSchema)) {
      const at = [...path, name];
      if (!NAMES_AN_OBJECT.test(name)) {
        walk(value, whole, at, within);
        continue;
      }
      const named = isListOfText(value) ? [...at, '[]'] : at;
      found.set(named.join('.'), named);
    }
  }
}

function isListOfText(schema: unknown): boolean {
  const { type, anyOf, items } = schema as JsonSchema;
  if (type === 'array') return (items as JsonSchema | undefined)?.type === 'string';
  return Array.isArray(anyOf) && anyOf.some(isListOfText);
}

function resolve(whole: JsonSchema, ref: string): unknown {
  return ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter((name) => name !== '')
    .reduce<unknown>((node, name) => (node as JsonSchema | undefined)?.[name], whole);
}

/** A body or query with one field set; missing parents are created. */
export function withField(value: unknown, path: readonly string[], id: string): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return id;
  if (name === '[]') {
    const [first] = Array.isArray(value) ? value : [];
    return [withField(first, rest, id)];
  }
  const fields = typeof value === 'object' && value !== null ? value : {};
  return { ...fields, [name]: withField(Reflect.get(fields, name), rest, id) };
}

/**
 * The kind of object each field refers to; null if it does not refer to an object of a tenant. A field of a
 * contract that is missing here fails the suite: add it with its kind.
 */
export const FIELD_KINDS: Readonly<Record<string, string | null>> = {
  'listVectorStores query.connectionId': 'connections',
  'getVectorStoreFacets query.connectionId': 'connections',
  'extendVectorStores body.storeIds[]': 'vector-stores',
  'extendVectorStores body.filter.connectionId': 'connections',
  'extendVectorStores body.exceptStoreIds[]': 'vector-stores',
  'attachFile body.fileId': 'files',
  // An offset in the file.
  'listFileChunks query.after': null,
  'retryIngestion body.fileIds[]': 'files',
  'putDefaultStore body.storeId': 'vector-stores',
  'listFiles query.connectionId': 'connections',
  'previewTransfer query.connectionId': 'connections',
  'startTransfer body.storeId': 'vector-stores',
  'startTransfer body.connectionId': 'connections',
  'listTransfers query.storeId': 'mirror',
  'compareStores body.leftStoreId': 'vector-stores',
  'compareStores body.rightStoreId': 'mirror',
  'listParityRuns query.leftStoreId': 'vector-stores',
  'listParityRuns query.rightStoreId': 'mirror',
  'putAgent body.bindings[].vectorStoreId': 'vector-stores',
  'getAgentTools query.leaveOut': 'vector-stores',
  'createApiKey body.storeIds[]': 'vector-stores',
  // The id of a new object.
  'createPlan body.id': null,
  // Plans belong to the installation.
  'putTenantPlan body.planId': null,
  'switchTenant body.tenantId': 'tenants',
  'planDeletion body.storeIds[]': 'vector-stores',
  'planDeletion body.fileIds[]': 'files',
  'planDeletion body.attachments[].storeId': 'vector-stores',
  'planDeletion body.attachments[].fileId': 'files',
  'planDeletion body.filter.connectionId': 'connections',
  'planDeletion body.exceptStoreIds[]': 'vector-stores',
  'planDeletion body.connectionId': 'connections',
  'getStorageDebt query.connectionId': 'connections',
  'startDeletion body.planHash': 'planHash',
  'startSyncRun body.connectionId': 'connections',
  'listSyncRuns query.connectionId': 'connections',
  'approveSyncRun body.planHash': 'planHash',
  'POST /vector_stores body.file_ids[]': 'files',
  'POST /vector_stores/:storeId/files body.file_id': 'files',
  'POST /vector_stores/:storeId/file_batches body.file_ids[]': 'files',
  'POST /vector_stores/:storeId/file_batches body.files[].file_id': 'files',
  'POST /uploads/:uploadId/complete body.part_ids[]': 'parts',
  'GET /vector_stores query.after': 'vector-stores',
  'GET /vector_stores query.before': 'vector-stores',
  'GET /vector_stores/:storeId/files query.after': 'files',
  'GET /vector_stores/:storeId/files query.before': 'files',
  'GET /vector_stores/:storeId/file_batches/:batchId/files query.after': 'files',
  'GET /vector_stores/:storeId/file_batches/:batchId/files query.before': 'files',
  'GET /files query.after': 'files',
};
