import {
  attribute,
  type DataSource,
  isObject,
  type ObjectValue,
  PluginError,
  type Schema,
  typeOfAttributes,
} from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';
import type { Store } from '../client/rows.ts';
import { oneOf, text } from '../resources/attributes.ts';
import { storeAttributes, storeState } from './rows.ts';

const oneSchema: Schema = {
  version: 0,
  description: 'One vector store, by its id or by its name. Mirrors of Espejo can be read like any other.',
  attributes: {
    id: attribute.string({ optional: true, computed: true, description: 'The id.' }),
    name: attribute.string({
      optional: true,
      computed: true,
      description: 'The name; exactly one store must have it.',
    }),
    ...storeAttributes,
  },
};

export const vectorStoreData: DataSource<Client> = {
  schema: oneSchema,
  example: `
resource "openai_vector_store" "handbook" {
  name = "Handbook"
}

data "openai_vector_store" "handbook" {
  id = openai_vector_store.handbook.id
}

output "usage_bytes" {
  value = data.openai_vector_store.handbook.usage_bytes
}`,
  validate: (config) =>
    (config.id ?? null) === null && (config.name ?? null) === null
      ? [{ severity: 'error', summary: 'Missing argument', detail: 'Set id or name.' }]
      : [],
  async read({ client }, config) {
    const { openai } = await client();
    const [id, name] = [text(config.id), text(config.name)];
    if (id !== null) {
      const store = await openai.findStore(id);
      if (store === undefined) throw notFound(`There is no vector store '${id}' for this key.`, 'id');
      if (name !== null && store.name !== name) throw notFound(`The name of '${id}' is not '${name}'.`, 'name');
      return storeState(store);
    }
    const found: Store[] = [];
    for await (const store of openai.stores()) if (store.name === name) found.push(store);
    const [first, second] = found;
    if (first === undefined) throw notFound(`No vector store is called '${name}'.`, 'name');
    if (second !== undefined) {
      throw notFound(
        `${found.length} vector stores are called '${name}': ${found.map((store) => store.id).join(', ')}. Give the id.`,
        'name',
      );
    }
    return storeState(first);
  },
};

const listSchema: Schema = {
  version: 0,
  description: 'The vector stores that match every filter, newest first.',
  attributes: {
    name: attribute.string({ optional: true, description: 'The exact name.' }),
    name_prefix: attribute.string({ optional: true, description: 'The beginning of the name.' }),
    metadata: attribute.of(['map', 'string'], {
      optional: true,
      description: 'Metadata pairs that a store must have.',
    }),
    status: attribute.string({ optional: true, description: '`in_progress`, `completed` or `expired`.' }),
    source: attribute.string({
      optional: true,
      description: 'Espejo only: `primary` or `cache`.',
      check: oneOf('primary', 'cache'),
    }),
    ids: attribute.of(['list', 'string'], { computed: true, description: 'Their ids.' }),
    vector_stores: attribute.of(['list', typeOfAttributes({ ...oneSchema.attributes })], {
      computed: true,
      description: 'The stores, with the attributes of `openai_vector_store`.',
    }),
  },
};

export const vectorStoresData: DataSource<Client> = {
  schema: listSchema,
  example: `
resource "openai_vector_store" "handbook" {
  name     = "Handbook"
  metadata = { team = "people" }
}

data "openai_vector_stores" "people" {
  metadata   = { team = "people" }
  depends_on = [openai_vector_store.handbook]
}

output "ids" {
  value = data.openai_vector_stores.people.ids
}`,
  async read({ client }, config) {
    const stores: ObjectValue[] = [];
    for await (const store of (await client()).openai.stores())
      if (isFitting(store, config)) stores.push(storeState(store));
    return { ...config, ids: stores.map(({ id }) => id ?? null), vector_stores: stores };
  },
};

function isFitting(store: Store, config: ObjectValue): boolean {
  const [name, prefix] = [text(config.name), text(config.name_prefix)];
  const [status, source] = [text(config.status), text(config.source)];
  if (name !== null && store.name !== name) return false;
  if (prefix !== null && !(store.name ?? '').startsWith(prefix)) return false;
  if (status !== null && store.status !== status) return false;
  if (source !== null && store.source !== source) return false;
  if (!isObject(config.metadata)) return true;
  return Object.entries(config.metadata).every(([key, value]) => store.metadata?.[key] === value);
}

function notFound(detail: string, attributeName: string): PluginError {
  return new PluginError('Not found', detail, { attribute: attributeName });
}
